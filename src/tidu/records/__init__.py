"""What happened: files of any office read into one canonical model, every row accounted for."""
