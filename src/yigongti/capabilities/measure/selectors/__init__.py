"""Questions about results, each within what the asker may see."""
