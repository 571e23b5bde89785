//! Compares the responses of cors-runtime with those of the hand-written code.

use crate::case::{Answer, Case, Group, Role};

/// Headers that are not part of a policy: `cors-denied` in builds with debug assertions, and
/// `allow` of axum's routes inside of a layer.
const OTHERS: [&str; 2] = ["cors-denied: ", "allow: "];

/// The cases with different responses: the end of the name, and the reason.
const DIFFERENT: [(&str, &str); 2] = [
    (
        "preflight, method refused/route macro",
        "a route macro serves one method: 404",
    ),
    (
        "preflight allowed/Cors::new",
        "the methods of plain handlers are not known",
    ),
];

#[test]
fn the_responses_are_the_same() {
    let differences: Vec<String> = crate::groups().iter().flat_map(differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn differences(group: &Group) -> Vec<String> {
    let strict = group.cases.iter().find(|case| case.role == Role::Strict);
    let strict = response(group, strict.expect("hand-written code in each group"));
    let compared = group.cases.iter().filter(|case| {
        let is_different = |(part, _): &(&str, &str)| group.name_of(case).ends_with(part);
        matches!(case.role, Role::Minimal | Role::Ours) && !DIFFERENT.iter().any(is_different)
    });
    let difference = |case| {
        let response = response(group, case);
        let name = group.name_of(case);
        (response != strict).then(|| format!("{name}\n{response}\nby hand\n{strict}\n"))
    };
    compared.filter_map(difference).collect()
}

fn response(group: &Group, case: &Case) -> Answer {
    let mut answer = group.start(case).response().expect("a response");
    answer
        .headers
        .retain(|line| !OTHERS.iter().any(|name| line.starts_with(name)));
    answer
}
