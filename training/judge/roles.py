"""Write the roles that articles give their speakers, as the index would have them.

python -m training.judge.roles ARTICLES.jsonl [...] --out roles.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ingest import extract_quotes
from training.judge.examples import read_articles, role_key


def main() -> None:
    """Parse the command line, extract, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    roles: dict[str, str] = {}
    for id, row in read_articles(args.articles).items():
        for quote in extract_quotes(row["text"], title=row.get("title")):
            if quote.speaker and quote.speaker.role:
                roles[role_key(id, quote.speaker.name)] = quote.speaker.role
    args.out.write_text(json.dumps(roles, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
