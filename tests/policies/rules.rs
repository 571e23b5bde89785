//! Tests that `RULES.md` has a section for each rule, in order, and no others.

use cors_runtime::{OriginEntry, Policy, Rule};

const RULES: &str = include_str!("../../cors-runtime/RULES.md");

/// The heading after the rules.
const MISTAKES: &str = "# Mistakes of the attribute itself";

/// Returns the headings of the second level before the mistakes, each with its text.
fn sections() -> Vec<(&'static str, &'static str)> {
    let (rules, _) = RULES
        .split_once(MISTAKES)
        .expect("there is a second part, of mistakes");
    let sections = rules.split("\n## `").skip(1);
    sections
        .map(|section| section.split_once("`\n").expect("there is text below"))
        .map(|(name, text)| (name, text.split("\n# ").next().unwrap_or(text)))
        .collect()
}

#[test]
fn each_rule_has_one_heading_in_order() {
    let headings: Vec<_> = sections().into_iter().map(|(name, _)| name).collect();
    let names: Vec<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(headings, names);
}

#[test]
fn each_section_has_its_parts() {
    for (name, text) in sections() {
        for part in ["\n- Refused: ", "\n- Why: ", "\n- Instead: "] {
            assert_eq!(text.matches(part).count(), 1, "{part:?} of {name}");
        }
    }
}

#[test]
fn only_rules_that_can_be_allowed_describe_allow() {
    for (rule, (name, text)) in Rule::ALL.iter().zip(sections()) {
        let how = format!("\n- To allow it: `allow({name})`. That is safe ");
        assert_eq!(text.contains(&how), rule.can_be_allowed(), "{name}");
        assert_eq!(
            text.contains("\n- To allow it: "),
            rule.can_be_allowed(),
            "{name}"
        );
    }
}

/// Returns the code in the item of a section that starts with `part`.
fn code(text: &'static str, part: &str) -> Vec<String> {
    let item = text.split("\n- ").find_map(|item| item.strip_prefix(part));
    let code = item.unwrap_or_default().split('`').skip(1).step_by(2);
    code.map(|code| code.replace('\n', " ")).collect()
}

/// Parses `"https://a.example"`, `regex(r"..")` or a list. Returns `None` for other code.
fn origins(code: &str) -> Option<Vec<OriginEntry>> {
    if let Some(pattern) = code.strip_prefix("regex(r\"") {
        return Some(vec![OriginEntry::regex(pattern.strip_suffix("\")")?)]);
    }
    let list = code.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let literal = |literal: &str| Some(literal.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    let literals = list.unwrap_or(code).split(", ").map(literal);
    let literals = literals.collect::<Option<Vec<_>>>()?;
    Some(
        literals
            .iter()
            .map(|it| it.replace("\\n", "\n").into())
            .collect(),
    )
}

#[test]
fn the_origins_of_each_section_are_valid_or_break_the_rule() {
    let of_origins = Rule::ALL.iter().zip(sections());
    let of_origins = of_origins.take_while(|(rule, _)| **rule != Rule::EmptyMethods);
    let mut seen = 0;
    for (&rule, (name, text)) in of_origins {
        for entries in code(text, "Refused: ").iter().filter_map(|it| origins(it)) {
            let error = Policy::builder().origins(entries.clone()).credentials(true);
            let error = error.build().expect_err(name);
            let rules: Vec<_> = error.violations().iter().map(|it| it.rule).collect();
            assert!(rules.contains(&rule), "{name}: {entries:?}: {error}");
            seen += 1;
        }
        for entries in code(text, "Instead: ").iter().filter_map(|it| origins(it)) {
            let policy = Policy::builder().origins(entries).build();
            assert!(policy.is_ok(), "{name}: {policy:?}");
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_mistakes_are_not_rules() {
    let (_, mistakes) = RULES.split_once(MISTAKES).unwrap_or_default();
    let headings = mistakes
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect::<Vec<_>>();
    assert!(!headings.is_empty());
    for heading in headings {
        assert!(heading.parse::<Rule>().is_err(), "{heading}");
    }
}
