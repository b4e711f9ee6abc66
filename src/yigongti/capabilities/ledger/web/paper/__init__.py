"""Reports on paper: DOCX to go on writing in, PDF to send and keep."""
