//! Tests lists of origins that are created at run time, and checked by the rules of the attribute.

use std::process::Command;

use cors_runtime::{OriginEntry, OriginList, OriginListError, OriginSource, Rule};

fn list(entries: &[&str]) -> Result<OriginList, OriginListError> {
    OriginList::try_from_iter(entries.iter().copied())
}

fn rules(error: &OriginListError) -> Vec<Rule> {
    error.violations().iter().map(|it| it.rule).collect()
}

#[test]
fn entries_match_as_in_the_attribute() {
    let list = list(&[
        "https://app.example.com",
        "https://*.preview.example.com",
        "http://localhost:*",
        "https://*.example.org:8443",
    ])
    .unwrap();
    for origin in [
        "https://app.example.com",
        "https://a.b.preview.example.com",
        "http://localhost",
        "http://localhost:5173",
        "https://a.example.org:8443",
    ] {
        assert!(list.contains(origin), "{origin}");
    }
    for origin in [
        "https://app.example.com:8443",
        "http://app.example.com",
        "https://preview.example.com",
        "https://localhost",
        "https://a.example.org",
        "https://evil.com/.preview.example.com",
        "null",
        "",
    ] {
        assert!(!list.contains(origin), "{origin}");
    }
    assert_eq!(list.len(), 4);
}

#[test]
fn a_regex_matches_whole_origins() {
    let pattern = OriginEntry::regex(r"https://pr-[0-9]+\.example\.dev");
    let list = OriginList::try_from_iter([pattern, "https://app.example.com".into()]).unwrap();
    assert!(list.contains("https://pr-17.example.dev"));
    assert!(list.contains("https://app.example.com"));
    assert!(!list.contains("https://pr-17.example.dev.evil.com"));

    let loose = [OriginEntry::regex(r"https://.*\.example\.dev")];
    let error = OriginList::try_from_iter(loose).unwrap_err();
    assert_eq!(rules(&error), [Rule::LooseRegex]);
}

#[test]
fn an_invalid_list_is_refused_with_all_violations() {
    let error = list(&[
        "https://app.example.com",
        "example.com",
        "https://*.github.io",
        "null",
        "https://app.example.com",
        "https://a.test.example",
        "https://*.test.example",
    ])
    .unwrap_err();
    let expected = [
        (Rule::OriginScheme, Some(1)),
        (Rule::PublicSuffix, Some(2)),
        (Rule::NullOrigin, Some(3)),
        (Rule::DuplicateOrigin, Some(4)),
        (Rule::CoveredOrigin, Some(5)),
    ];
    let found = error.violations().iter().map(|it| (it.rule, it.index));
    assert_eq!(found.collect::<Vec<_>>(), expected);
    for entry in ["`example.com`", "github.io", "`null`", "is listed twice"] {
        assert!(error.to_string().contains(entry), "{error}");
    }
}

#[test]
fn a_star_is_not_an_entry_of_a_list() {
    for entries in [&["*"][..], &["*", "*"], &["https://app.example.com", "*"]] {
        let error = list(entries).unwrap_err();
        assert!(rules(&error).iter().all(|it| *it == Rule::OriginWildcard));
        assert!(
            error.to_string().contains("write `origins = \"*\"`"),
            "{error}"
        );
    }
}

#[test]
fn a_star_is_an_entry_with_allow_any() {
    let list = OriginList::new().allow_any();
    list.replace(["*"]).unwrap();
    list.ready(false).unwrap();
    assert_eq!((list.len(), list.is_empty()), (1, false));
    for origin in [
        "https://app.example.com",
        "http://localhost:3000",
        "tauri://localhost",
    ] {
        assert!(list.contains(origin), "{origin}");
    }
    for origin in ["null", "", "*", "https://app.example.com/"] {
        assert!(!list.contains(origin), "{origin}");
    }

    // With other entries, the list is refused and does not change.
    for entries in [&["https://app.example.com", "*"][..], &["*", "*"]] {
        let error = list.replace(entries.iter().copied()).unwrap_err();
        let all = rules(&error);
        assert!(all.iter().all(|it| *it == Rule::WildcardBesideEntries));
        assert!(!all.is_empty());
    }
    let error = list.check(["*", "null"]).unwrap_err();
    let expected = [Rule::NullOrigin, Rule::WildcardBesideEntries];
    assert_eq!(rules(&error), expected);
    assert_eq!(list.len(), 1);

    // The next configuration may list origins.
    list.replace(["https://app.example.com"]).unwrap();
    assert!(!list.contains("https://other.example.com"));
    list.replace::<&str>([]).unwrap_err();
    let list = list.allow_empty();
    list.replace::<&str>([]).unwrap();
    assert!(!list.contains("https://app.example.com"));
}

#[test]
fn any_excludes_credentials_and_enforce() {
    let any = || {
        let list = OriginList::new().allow_any();
        list.replace(["*"]).unwrap();
        list
    };
    for (credentials, enforce, rule, key) in [
        (true, false, Rule::CredentialsWildcard, "`credentials`"),
        (false, true, Rule::EnforceWildcard, "`enforce`"),
    ] {
        let list = any();
        list.ready_for(false, false).unwrap();
        let error = list.ready_for(credentials, enforce).unwrap_err();
        assert!(error.to_string().contains(key), "{error}");

        // The refused policy does not restrict the list.
        list.replace(["https://app.example.com"]).unwrap();
        list.replace(["*"]).unwrap();
        list.replace(["https://app.example.com"]).unwrap();
        list.ready_for(credentials, enforce).unwrap();
        assert_eq!(rules(&list.replace(["*"]).unwrap_err()), [rule]);
        assert_eq!(rules(&list.check(["*"]).unwrap_err()), [rule]);
        assert!(!list.contains("https://other.example.com"));
    }
    let error = any().ready_for(true, true).unwrap_err().to_string();
    assert!(
        error.contains("`credentials`") && error.contains("`enforce`"),
        "{error}"
    );
    // An exception for `http` origins does not allow every origin.
    let list = OriginList::new().allow_any().allow(Rule::InsecureOrigin);
    list.replace(["*"]).unwrap();
    list.ready(true).unwrap_err();
    // `enforce` alone does not make an `http` origin insecure.
    list.replace(["http://intranet.example.com"]).unwrap();
    list.ready_for(false, true).unwrap();
}

#[test]
fn a_deserialized_list_needs_a_list_that_allows_any() {
    let error = serde_json::from_str::<OriginList>(r#"["*"]"#).unwrap_err();
    assert!(error.to_string().contains("`allow_any()`"), "{error}");
    let entries: Vec<String> = serde_json::from_str(r#"["*"]"#).unwrap();
    OriginList::new().allow_any().replace(entries).unwrap();
}

#[test]
fn an_empty_list_needs_allow_empty() {
    let error = list(&[]).unwrap_err();
    assert!(error.to_string().contains("`allow_empty()`"), "{error}");

    let list = OriginList::new();
    let error = list.ready(false).unwrap_err().to_string();
    assert_eq!(
        error,
        "the list of origins was never filled: call `replace`"
    );
    assert!(!list.contains("https://app.example.com"));
    list.replace(["https://app.example.com"]).unwrap();
    list.ready(false).unwrap();

    let list = OriginList::new().allow_empty();
    list.ready(false).unwrap();
    list.replace(["https://app.example.com"]).unwrap();
    list.replace::<&str>([]).unwrap();
    assert!(list.is_empty());
}

#[test]
fn a_refused_replacement_keeps_the_old_entries() {
    let list = list(&["https://app.example.com"]).unwrap();
    list.replace(["https://other.example.com", "https://app.example.com/"])
        .unwrap_err();
    list.replace::<&str>([]).unwrap_err();
    list.check(["null"]).unwrap_err();
    list.check(["https://other.example.com"]).unwrap();
    assert!(list.contains("https://app.example.com"));
    assert!(!list.contains("https://other.example.com"));
}

#[test]
fn credentials_reject_insecure_origins() {
    let list = list(&["http://intranet.example.com", "http://localhost:3000"]).unwrap();
    list.ready(false).unwrap();
    let error = list.ready(true).unwrap_err().to_string();
    assert!(error.contains("`http://intranet.example.com`"), "{error}");
    assert!(!error.contains("localhost"), "{error}");

    // A refused policy with `credentials` does not restrict the list.
    list.replace(["http://other.example.com"]).unwrap();
    list.replace(["https://other.example.com"]).unwrap();
    list.ready(true).unwrap();
    let error = list.replace(["http://other.example.com"]).unwrap_err();
    assert_eq!(rules(&error), [Rule::InsecureOrigin]);
    let error = list.check(["http://other.example.com"]).unwrap_err();
    assert_eq!(rules(&error), [Rule::InsecureOrigin]);
    assert!(list.contains("https://other.example.com"));
}

#[test]
fn a_list_can_allow_rules() {
    let list = OriginList::new()
        .allow(Rule::InsecureOrigin)
        .allow(Rule::PublicSuffix)
        .allow(Rule::LooseRegex)
        .allow(Rule::DuplicateOrigin)
        .allow(Rule::CoveredOrigin);
    list.replace([
        "http://intranet.example.com",
        "https://*.github.io",
        "https://a.github.io",
        "https://a.github.io",
    ])
    .unwrap();
    list.ready(true).unwrap();
    assert!(list.contains("https://a.github.io"));
    // The next list does not need the exception.
    list.replace(["https://app.example.com"]).unwrap();
    assert_eq!(list.len(), 1);
}

#[test]
#[should_panic(expected = "this rule cannot be allowed")]
fn other_rules_cannot_be_allowed() {
    let _ = OriginList::new().allow(Rule::NullOrigin);
}

#[test]
fn ten_thousand_entries() {
    let entries = (0..10_000).map(|number| format!("https://tenant-{number}.example.com"));
    let list = OriginList::try_from_iter(entries).unwrap();
    assert_eq!(list.len(), 10_000);
    assert!(list.contains("https://tenant-9999.example.com"));
    assert!(!list.contains("https://tenant-10000.example.com"));
}

/// Each pattern is looked up, instead of compared with all other patterns.
#[test]
fn fifty_thousand_patterns() {
    let entries = (0..50_000).map(|number| match number % 2 {
        0 => format!("https://*.tenant-{number}.example.com"),
        _ => format!("https://tenant-{number}.example.com:*"),
    });
    let list = OriginList::try_from_iter(entries.clone()).unwrap();
    assert_eq!(list.len(), 50_000);
    assert!(list.contains("https://a.b.tenant-49998.example.com"));
    assert!(list.contains("https://tenant-49999.example.com:8443"));
    for stranger in [
        "https://tenant-49998.example.com",
        "https://a.tenant-49998.example.com:8443",
        "http://a.tenant-49998.example.com",
        "https://a.tenant-49999.example.com",
        "https://a.tenant-50000.example.com",
    ] {
        assert!(!list.contains(stranger), "{stranger}");
    }
    let covered = OriginList::try_from_iter(entries.chain(["https://*.example.com:*".to_owned()]));
    assert_eq!(covered.unwrap_err().violations().len(), 50_000);
}

#[test]
fn a_duplicate_pattern_is_stored_once() {
    let list = OriginList::new().allow(Rule::DuplicateOrigin);
    list.replace(["https://*.example.com"; 3]).unwrap();
    assert_eq!(list.len(), 1);
}

static FROM_ENV: OriginList = OriginList::from_env("CORS_ORIGINS");
static OPTIONAL: OriginList = OriginList::from_env("CORS_ORIGINS").allow_empty();

static ANY: OriginList = OriginList::from_env("CORS_ORIGINS").allow_any();

/// Prints the results for the environment of the process. The other tests start this test as a
/// child process.
#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child() {
    match FROM_ENV.ready(false) {
        Ok(()) => println!("ready: {} entries", FROM_ENV.len()),
        Err(error) => println!("not ready: {error}"),
    }
    println!("optional: {}", OPTIONAL.ready(false).is_ok());
    println!("a: {}", FROM_ENV.contains("https://a.example.com"));
    println!("any: {}", ANY.contains("https://other.example.com"));
    match ANY.ready(true) {
        Ok(()) => println!("any with credentials: ready"),
        Err(error) => println!("any with credentials: {error}"),
    }
}

/// Runs the child process with a variable. A running test must not change its own environment.
fn with_variable(value: Option<&str>) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["origin_list::child", "--exact", "--ignored", "--nocapture"]);
    match value {
        Some(value) => child.env("CORS_ORIGINS", value),
        None => child.env_remove("CORS_ORIGINS"),
    };
    let output = child.output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn entries_in_a_variable_are_separated_by_commas_or_white_space() {
    for value in [
        "https://a.example.com,https://*.example.org",
        "https://a.example.com https://*.example.org",
        "\n  https://a.example.com ,\n  https://*.example.org,\n",
    ] {
        let output = with_variable(Some(value));
        assert!(output.contains("ready: 2 entries"), "{output}");
        assert!(output.contains("a: true"), "{output}");
    }
}

#[test]
fn a_variable_can_be_a_star_or_a_list() {
    let output = with_variable(Some(" * "));
    assert!(output.contains("any: true"), "{output}");
    let expected = "any with credentials: the environment variable `CORS_ORIGINS` is invalid: `*`";
    assert!(output.contains(expected), "{output}");
    assert!(
        output.contains("not ready") && output.contains("`allow_any()`"),
        "{output}"
    );

    let output = with_variable(Some("https://a.example.com"));
    assert!(output.contains("any: false"), "{output}");
    assert!(output.contains("any with credentials: ready"), "{output}");
    let output = with_variable(Some("*,https://a.example.com"));
    assert!(output.contains("any: false"), "{output}");
    assert!(output.contains("matches every origin"), "{output}");
}

#[test]
fn a_missing_variable_panics() {
    let output = with_variable(None);
    let expected = "not ready: the environment variable `CORS_ORIGINS` is not set";
    assert!(output.contains(expected), "{output}");
    assert!(output.contains("optional: true"), "{output}");
    assert!(output.contains("a: false"), "{output}");
}

#[test]
fn an_invalid_variable_panics_with_all_violations() {
    let output = with_variable(Some(
        "https://a.example.com,example.com,https://b.example.com/",
    ));
    for part in [
        "not ready: the environment variable `CORS_ORIGINS` is invalid: `example.com`",
        "`https://b.example.com/`",
        "optional: false",
        "a: false",
    ] {
        assert!(output.contains(part), "{output}");
    }
    let output = with_variable(Some(" , "));
    assert!(output.contains("the list is empty"), "{output}");
    assert!(output.contains("optional: true"), "{output}");
}
