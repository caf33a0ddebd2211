"""The course, the cases and the exercises on paper: nbconvert, pandoc and Typst behind one verb."""
