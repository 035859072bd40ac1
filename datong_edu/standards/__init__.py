"""标准与依据: what the law pays and allows on a date, each value with its document.

Ask with `from datong_edu.standards import lookup as standards` and `standards.at(key, on, **scope)`.
"""
