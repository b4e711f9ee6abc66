"""Staff, postings and residents (the master index); identities encrypted at rest."""
