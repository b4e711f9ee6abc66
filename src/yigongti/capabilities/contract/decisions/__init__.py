"""What is decided about contracts: who may sign, what falls due when, what fulfils it, what is paid for it."""
