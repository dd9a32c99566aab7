"""What goes from one idea to the other when they are joined, and back when they are separated.

Talk, tasks and open requirements move: they are at one place. What people are to an idea – roles,
follows, judgements – and links are added to the other one, and the first keeps its own.
"""
