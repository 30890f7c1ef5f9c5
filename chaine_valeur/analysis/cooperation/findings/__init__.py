"""What cooperation leaves to be asked, secured or linked: the checks of the room."""
