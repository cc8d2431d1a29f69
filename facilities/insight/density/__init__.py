"""How many instruments of a technique there are where, how old, open to whom and how idle: for those who fund them."""
