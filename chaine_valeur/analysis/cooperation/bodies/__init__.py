"""Who sits in the bodies (COPIL, COTECH, working groups, forum), for which pole, and who comes."""
