"""What is shipped as data: messages, labels, index files, city figures, each row with its source."""
