"""The values of the rules' state and what is proved of them."""
