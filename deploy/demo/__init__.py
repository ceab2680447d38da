"""The demo township: made from the report's figures, played through the public API, marked 演示 everywhere."""
