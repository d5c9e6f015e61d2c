"""The kinds of lines, a file for each capability they come from: what they say, and the facts that write them."""
