"""Forms shape what was typed into what an action takes; what is allowed, the actions decide."""
