"""What concerns me, one line a thing: whoever writes it, and through however many groups and circles it came."""
