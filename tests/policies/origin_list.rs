//! Lists of origins that are made while the program runs, by the rules that the attribute keeps to.

use std::process::Command;

use cors_runtime::{OriginEntry, OriginList, OriginListError, OriginSource, Rule};

fn list(entries: &[&str]) -> Result<OriginList, OriginListError> {
    OriginList::try_from_iter(entries.iter().copied())
}

fn rules(error: &OriginListError) -> Vec<Rule> {
    error.violations().iter().map(|it| it.rule).collect()
}

#[test]
fn entries_mean_what_they_mean_in_the_attribute() {
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
fn a_regex_stands_for_whole_origins() {
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
fn a_list_with_mistakes_is_refused_with_all_of_them() {
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
fn everybody_is_no_entry_of_a_list() {
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
fn any_is_an_entry_where_a_list_allows_it() {
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

    // Beside other entries it has no meaning, and changes nothing.
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

        // The policy that was refused does not bind the list.
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
    // An exception for `http` origins is none for all origins.
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
fn an_empty_list_is_asked_for_by_name() {
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
fn a_refused_replacement_changes_nothing() {
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
fn with_credentials_an_origin_is_one_that_nobody_can_forge() {
    let list = list(&["http://intranet.example.com", "http://localhost:3000"]).unwrap();
    list.ready(false).unwrap();
    let error = list.ready(true).unwrap_err().to_string();
    assert!(error.contains("`http://intranet.example.com`"), "{error}");
    assert!(!error.contains("localhost"), "{error}");

    // Who answers without credentials is not held to it by a policy that was refused.
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
fn a_list_does_without_the_rules_that_it_names() {
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
    // The next configuration need not have what is allowed.
    list.replace(["https://app.example.com"]).unwrap();
    assert_eq!(list.len(), 1);
}

#[test]
#[should_panic(expected = "this rule cannot be allowed")]
fn no_list_does_without_the_others() {
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

/// Each is looked up, and not compared with all of the others.
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
fn a_pattern_that_stands_there_twice_is_one() {
    let list = OriginList::new().allow(Rule::DuplicateOrigin);
    list.replace(["https://*.example.com"; 3]).unwrap();
    assert_eq!(list.len(), 1);
}

static FROM_ENV: OriginList = OriginList::from_env("CORS_ORIGINS");
static OPTIONAL: OriginList = OriginList::from_env("CORS_ORIGINS").allow_empty();

static ANY: OriginList = OriginList::from_env("CORS_ORIGINS").allow_any();

/// Not a test by itself: what a child of this process says with another environment.
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

/// The environment of a running test is no place to write to.
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
fn a_variable_has_commas_or_white_space() {
    for value in [
        "https://a.example.com,https://*.example.org",
        "https://a.example.com https://*.example.org",
        "\n  https://a.example.com ,\n  https://*.example.org,\n",
    ] {
        let said = with_variable(Some(value));
        assert!(said.contains("ready: 2 entries"), "{said}");
        assert!(said.contains("a: true"), "{said}");
    }
}

#[test]
fn a_variable_is_any_or_a_list() {
    let said = with_variable(Some(" * "));
    assert!(said.contains("any: true"), "{said}");
    let expected = "any with credentials: the environment variable `CORS_ORIGINS` is invalid: `*`";
    assert!(said.contains(expected), "{said}");
    assert!(
        said.contains("not ready") && said.contains("`allow_any()`"),
        "{said}"
    );

    let said = with_variable(Some("https://a.example.com"));
    assert!(said.contains("any: false"), "{said}");
    assert!(said.contains("any with credentials: ready"), "{said}");
    let said = with_variable(Some("*,https://a.example.com"));
    assert!(said.contains("any: false"), "{said}");
    assert!(said.contains("matches every origin"), "{said}");
}

#[test]
fn a_variable_that_is_missing_stops_the_program() {
    let said = with_variable(None);
    let expected = "not ready: the environment variable `CORS_ORIGINS` is not set";
    assert!(said.contains(expected), "{said}");
    assert!(said.contains("optional: true"), "{said}");
    assert!(said.contains("a: false"), "{said}");
}

#[test]
fn a_variable_with_mistakes_names_all_of_them() {
    let said = with_variable(Some(
        "https://a.example.com,example.com,https://b.example.com/",
    ));
    for part in [
        "not ready: the environment variable `CORS_ORIGINS` is invalid: `example.com`",
        "`https://b.example.com/`",
        "optional: false",
        "a: false",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let said = with_variable(Some(" , "));
    assert!(said.contains("the list is empty"), "{said}");
    assert!(said.contains("optional: true"), "{said}");
}
