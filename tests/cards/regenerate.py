"""Write the golden files anew: `python -m tests.cards.regenerate`, then read the difference."""

from __future__ import annotations

from tests.cards.built.every import EVERY
from tests.cards.gold import FOLDER, TEMPLATE_FILE, WAYS, path, template_text


def main() -> None:
    """Every sample on every way, the template, and nothing else."""
    wanted = {TEMPLATE_FILE: template_text()}
    wanted |= {path(way, name): made(card) for way, (_, made) in WAYS.items() for name, card in EVERY.items()}
    for old in FOLDER.rglob("*.*"):
        if old.is_file() and old not in wanted:
            old.unlink()
    for file, content in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    print(f"{len(wanted)} files")


if __name__ == "__main__":
    main()
