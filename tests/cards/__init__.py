"""Cards, their actions and their renderers."""
