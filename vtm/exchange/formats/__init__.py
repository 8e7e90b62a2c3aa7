"""One module for each format; `FORMAT` in it says all that there is to know."""
