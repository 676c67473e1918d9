"""Works out what a stimulus changes and sends; touches nothing."""
