"""Questions about people and their records, each within what the asker may see."""
