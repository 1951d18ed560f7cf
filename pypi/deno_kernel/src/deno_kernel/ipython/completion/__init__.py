"""The completer of the shell: the matchers that it asks, and the words that they complete."""
