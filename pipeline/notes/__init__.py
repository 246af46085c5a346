"""Notes as a graph: notes, the citations in them, the calls and the references, and what is made of it."""
