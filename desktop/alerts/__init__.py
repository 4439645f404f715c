"""What reaches the agent outside the window: chimes, notifications, tray icon, count, and the owner's regular check."""
