"""The report of a portfolio: what was read, totals with what is shared once, how figures are spread, who holds what."""

from .content import portfolio_content
from .writing import write_portfolio

__all__ = ["portfolio_content", "write_portfolio"]
