"""The central server: accounts, intake, sign-in, push, administration."""
