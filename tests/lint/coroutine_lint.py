#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The coroutine rules that a machine can check (docs/traps.md): in a full expression with co_await no {...} temporary, no
lambda with captures, no ?:. g++ 12.2 compiles each of them without a word into a crash. And nothing is detached."""
import re
import unittest

from sources import bare, files, name


def statements(text):
    """Yields (line number, statement). Splits at ; and at the braces of blocks, not at those of initialisers."""
    start = 0
    braces = []  # True: a block
    for i, char in enumerate(text):
        if char == "{":
            before = text[start:i].rstrip()
            is_block = not before or before[-1] in "):;}]" or bool(
                re.search(r"\b(else|do|try|const|noexcept|mutable|override|final)$|\b(namespace|struct|class|enum|union)\b[^=;(]*$"
                          r"|->\s*[\w:<>&* ,]+$", before))
            braces.append(is_block)
            if not is_block:
                continue
        elif char == "}":
            if not (braces.pop() if braces else True):
                continue
        elif char != ";" or (braces and not braces[-1]):
            continue
        statement = text[start:i]
        yield text.count("\n", 0, start + len(statement) - len(statement.lstrip())) + 1, statement.strip()
        start = i + 1


def has_capture(statement):
    for match in re.finditer(r"\[([^\[\]]*)\]", statement):
        before = statement[:match.start()].rstrip()
        subscript = before and (before[-1].isalnum() or before[-1] in "_)]") and not before.endswith(("return", "co_return"))
        if not subscript and match.group(1).strip():
            return True
    return False


def faults(text):
    text = bare(text)
    found = []
    for line, statement in statements(text):
        if not re.search(r"\bco_await\b", statement):
            continue
        expression = re.sub(r"\bauto\s*&{0,2}\s*\[[^\]]*\]", "auto x", statement)
        if "{" in expression:
            found.append((line, "a {...} temporary in an expression with co_await: name it on the line above"))
        if has_capture(expression):
            found.append((line, "a lambda with captures in an expression with co_await: name it on the line above"))
        if "?" in expression:
            found.append((line, "?: in an expression with co_await: use if"))
    for match in re.finditer(r"\bdetached\b", text):
        found.append((text.count("\n", 0, match.start()) + 1, "detached loses errors: use TaskGroup"))
    return found


class Rule(unittest.TestCase):
    def bad(self, code):
        self.assertTrue(faults("Awaitable<void> f() {\n" + code + "\n}"), code)

    def good(self, code):
        self.assertEqual(faults("Awaitable<void> f() {\n" + code + "\n}"), [], code)

    def test_braced_temporaries_are_refused(self):
        self.bad("co_await send(Message{1, name});")
        self.bad("co_await send({1, 2});")
        self.bad("auto r = co_await channel.async_send(ec, Msg{});")
        self.bad("Message m{co_await next()};")
        self.bad("if (co_await send(Message{1})) { a(); }")
        self.bad("co_await send(Message{.id = 1,\n   .text = t});")

    def test_capturing_lambdas_are_refused(self):
        self.bad("co_await run([&] { g(); });")
        self.bad("co_await run([x](int y) { return x + y; });")
        self.bad("co_await co_spawn(ex, [this]() -> Awaitable<void> { co_return; }, use);")

    def test_conditional_operators_are_refused(self):
        self.bad('co_await send(ok ? std::string("a") : name);')

    def test_detached_is_refused(self):
        self.bad("co_spawn(ex, f(), asio::detached);")

    def test_named_variables_are_fine(self):
        self.good("const Message m{1, name};\nco_await send(m);")
        self.good("auto [ec, n] = co_await read(buffer, kAwait);")
        self.good("while (co_await receive()) {\n}")
        self.good("for (;;) { if (auto x = co_await next(); !x) { co_return Status{}; } }")
        self.good("co_await run([] { g(); });")
        self.good("values[i] = co_await next();")
        self.good("// co_await send(Message{1}) would crash\nco_await send(m);")
        self.good("switch (x) { case 1: co_await a(); break; default: { co_await b(); } }")


class Tree(unittest.TestCase):
    def test_no_coroutine_breaks_a_rule(self):
        found = []
        for path in files(".cpp", ".hpp"):
            found += [f"{name(path)}:{line}: {fault}" for line, fault in faults(path.read_text())]
        self.assertEqual(found, [], "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
