"""Writers of files that look like the models people have: real names, shapes, types and wrappers, drawn weights."""
