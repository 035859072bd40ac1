"""What the API of every room shares: tokens, problems, pages, filters, limits, the OpenAPI file."""
