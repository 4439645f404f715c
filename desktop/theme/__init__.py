"""How it looks: colours, fonts, icons, the one style sheet."""
