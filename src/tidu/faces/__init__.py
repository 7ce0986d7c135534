"""Floor 9: the faces. Only here the clock, the screen and the arguments of a person are read."""
