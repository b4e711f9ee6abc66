"""The pure kernel: rules, workflows, indicators, facts, money, periods, clock. Knows no capability, no Django."""
