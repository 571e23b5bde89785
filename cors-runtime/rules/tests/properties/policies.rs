//! Whole policies.

use cors_rules::{
    Field, HostPattern, ListSpec, Origin, OriginPattern, Origins, PolicySpec, PortPattern,
    Violation, compile_regex,
};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::config;
use crate::strategies::{almost_host, almost_policy};

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn a_policy_is_valid_or_its_violations_have_a_place(spec in almost_policy()) {
        match spec.check() {
            Ok(valid) => {
                if let Origins::List { patterns, regexes } = valid.origins {
                    prop_assert_eq!(patterns.len() + regexes.len(), spec.origins.len());
                    prop_assert!(regexes.iter().all(|regex| compile_regex(regex).is_ok()));
                }
                let hosts = valid.hosts.iter().map(ToString::to_string).collect::<Vec<_>>();
                prop_assert_eq!(hosts, spec.hosts.clone().unwrap_or_default());
            }
            Err(violations) => {
                prop_assert!(!violations.is_empty());
                for violation in &violations {
                    let len = match violation.field {
                        Field::Origins => spec.origins.len(),
                        Field::Methods => spec.methods.as_ref().map_or(0, Vec::len),
                        Field::Headers => spec.headers.len(),
                        Field::Expose => spec.expose.len(),
                        Field::Hosts => spec.hosts.as_ref().map_or(0, Vec::len),
                        Field::Allow => spec.allow.len(),
                        _ => 0,
                    };
                    prop_assert!(violation.index.is_none_or(|index| index < len), "{}", violation);
                    prop_assert!(!violation.message.ends_with('.'), "{}", violation);
                }
            }
        }
    }

    /// A host is valid if an origin with that host is valid, and matches the same servers.
    #[test]
    fn a_host_is_valid_if_its_origins_are(host in almost_host(), other in almost_host()) {
        let origins = ["http", "https"].map(|scheme| format!("{scheme}://{host}"));
        let patterns = origins.each_ref().map(|origin| OriginPattern::parse(origin));
        let is_valid = patterns.iter().all(Result::is_ok) && !host.contains("://");
        let parsed = HostPattern::parse(&host);
        prop_assert_eq!(parsed.is_ok(), is_valid, "{}", host);
        let (Ok(parsed), [Ok(http), _]) = (parsed, patterns) else { return Ok(()) };
        prop_assert_eq!(parsed.to_string(), host.clone());
        // The origin of a page of the server, without the rarest characters of URLs.
        let is_common = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:[]".contains(&byte);
        let origin = format!("http://{other}");
        if let Ok(origin) = Origin::parse(&origin) && other.bytes().all(is_common) {
            let includes_port = parsed.port == PortPattern::Absent && origin.port == Some("443");
            let matches = http.matches(&origin) || (includes_port && parsed.matches(origin.host));
            prop_assert_eq!(parsed.matches(&other), matches, "{} {}", host, other);
        }
    }

    /// Unlike in a policy, `"*"` is not a valid list. A list is checked without knowing whether the
    /// policy has `credentials`.
    #[test]
    fn a_list_is_valid_if_a_policy_with_its_entries_is(spec in almost_policy()) {
        let policy = |credentials| PolicySpec {
            origins: spec.origins.clone(),
            credentials,
            ..PolicySpec::default()
        };
        let list = ListSpec::new(spec.origins.clone(), Vec::new());
        let valid = policy(false);
        let valid = valid.check().is_ok_and(|it| it.origins != Origins::Any);
        prop_assert_eq!(list.check().is_ok(), valid);
        if let Ok(list) = list.check() {
            let insecure = policy(true).check().err().unwrap_or_default();
            prop_assert_eq!(list.insecure, insecure);
        }
    }

    /// With `allow_any`, a list may also be `"*"`, like the origins of a policy.
    #[test]
    fn a_list_that_may_be_any_is_valid_if_its_policy_is(spec in almost_policy()) {
        let policy = |credentials, enforce| PolicySpec {
            origins: spec.origins.clone(),
            credentials,
            enforce,
            ..PolicySpec::default()
        };
        let rules = |policy: PolicySpec| {
            let violations = policy.check().err().unwrap_or_default();
            violations.iter().map(|it| (it.rule, it.index)).collect::<Vec<_>>()
        };
        let places = |violations: &[Violation]| {
            violations.iter().map(|it| (it.rule, it.index)).collect::<Vec<_>>()
        };
        let list = ListSpec::new(spec.origins.clone(), Vec::new()).allow_any();
        prop_assert_eq!(list.check().is_ok(), policy(false, false).check().is_ok());
        if let Ok(list) = list.check() {
            prop_assert_eq!(places(&list.insecure), rules(policy(true, false)));
            prop_assert_eq!(places(&list.unenforceable), rules(policy(false, true)));
        }
    }

    /// A violation names the wrong entry. The entry stays wrong when other entries are removed.
    #[test]
    fn a_wrong_entry_is_wrong_next_to_other_entries(spec in almost_policy(), at in any::<Index>()) {
        if spec.origins.is_empty() {
            return Ok(());
        }
        let alone = PolicySpec {
            origins: vec![at.get(&spec.origins).clone()],
            ..PolicySpec::default()
        };
        let index = at.index(spec.origins.len());
        let all = spec.check().err().unwrap_or_default();
        for wrong in alone.check().err().unwrap_or_default() {
            let again = all.iter().any(|it| it.rule == wrong.rule && it.index == Some(index));
            let allowed = spec.allow.contains(&wrong.rule) && wrong.rule.can_be_allowed();
            prop_assert!(again || allowed, "{}", wrong);
        }
    }
}
