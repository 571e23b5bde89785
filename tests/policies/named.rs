//! Tests policies in a `static` or from a configuration, with regex origins, and with rules
//! switched off.

use std::sync::LazyLock;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use cors_runtime::axum::{Router, cors, routing::get};
use cors_runtime::{Field, OriginEntry, Policy, PolicyError, Rule, policy};
use http::{Request, Response, StatusCode};
use tower::ServiceExt as _;

const APP: &str = "https://app.example.com";

static SHARED: Policy = policy! {
    origins = ["https://app.example.com", regex(r"https://pr-[0-9]+\.example\.dev")],
    methods = [PUT, DELETE],
    headers = ["content-type"],
    max_age = "1h",
    credentials,
};

static CONFIGURED: LazyLock<Policy> = LazyLock::new(|| {
    let policy = Policy::builder()
        .origins([APP, "https://*.example.org"])
        .expose(["ETag"])
        .max_age(Duration::from_millis(90_500))
        .build();
    policy.unwrap_or_else(|error| panic!("{error}"))
});

#[cors(policy = SHARED)]
async fn update(Json(_): Json<u8>) {}

#[cors(policy = crate::named::SHARED)]
async fn remove() {}

#[cors(policy = CONFIGURED)]
async fn list() {}

#[cors(origins = ["https://app.example.com"], allow(missing_content_type))]
async fn simple_json(_: Option<Json<u8>>) {}

#[cors(
    origins = [
        "http://intranet.example",
        "https://*.github.io",
        regex(r"https://[a-z.]+\.example\.com"),
    ],
    credentials,
    allow(insecure_origin, public_suffix, loose_regex),
)]
async fn lax() {}

#[cors_runtime::http::cors(policy = SHARED)]
async fn service(_: Request<Body>) -> Response<Body> {
    Response::default()
}

#[cors(policy = CONFIGURED)]
async fn configured_json(_: Json<u8>) {}

#[test]
#[should_panic(
    expected = "`policies::named::configured_json` takes JSON, and its policy \
                (tests/policies/named.rs:"
)]
fn content_type_of_a_configured_policy_is_checked_when_it_is_mounted() {
    let _ = get::<_, _, ()>(configured_json);
}

fn app() -> Router {
    Router::new()
        .route("/items", get(list).put(update).delete(remove))
        .route("/json", get(lax).post(simple_json))
}

async fn ask(path: &str, origin: &str, method: &str) -> (StatusCode, Response<Body>) {
    let request = Request::builder()
        .method("OPTIONS")
        .uri(path)
        .header("origin", origin)
        .header("access-control-request-method", method);
    let request = request.body(Body::empty()).expect("a request");
    let response = match path {
        "service" => service(request).await,
        _ => app().oneshot(request).await.expect("infallible"),
    };
    (response.status(), response)
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().expect("ASCII"))
}

#[tokio::test]
async fn a_shared_policy_uses_the_methods_of_each_handler() {
    for (path, method, methods) in [
        ("/items", "PUT", "PUT"),
        ("/items", "DELETE", "DELETE"),
        ("service", "PUT", "PUT, DELETE"),
    ] {
        let (status, response) = ask(path, APP, method).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(
            header(&response, "access-control-allow-methods"),
            Some(methods)
        );
        assert_eq!(header(&response, "access-control-max-age"), Some("3600"));
        assert_eq!(
            header(&response, "access-control-allow-credentials"),
            Some("true")
        );
    }
    let table = app().policies().to_string();
    assert!(
        table.contains("policies::named::update") && table.contains("policies::named::remove"),
        "{table}"
    );
}

#[tokio::test]
async fn a_policy_from_a_configuration_is_made_when_it_is_mounted() {
    let (status, response) = ask("/items", "https://a.example.org", "GET").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(header(&response, "access-control-max-age"), Some("90"));
    let (status, _) = ask("/items", "https://example.org", "GET").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(
        CONFIGURED
            .location()
            .starts_with("tests/policies/named.rs:")
    );
}

#[tokio::test]
async fn a_regex_origin_is_matched_as_a_whole() {
    let (status, response) = ask("/items", "https://pr-17.example.dev", "PUT").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(
        header(&response, "access-control-allow-origin"),
        Some("https://pr-17.example.dev")
    );
    for origin in [
        "https://pr-17.example.dev.evil.com",
        "https://pr-x.example.dev",
        "null",
    ] {
        let (status, _) = ask("/items", origin, "PUT").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[tokio::test]
async fn origins_of_allowed_rules_match() {
    for origin in [
        "http://intranet.example",
        "https://me.github.io",
        "https://a.b.example.com",
    ] {
        let (status, _) = ask("/json", origin, "GET").await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{origin}");
    }
    // A loose regex is only compared with well-formed origins.
    let (status, _) = ask("/json", "https://..example.com", "GET").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = ask("/json", APP, "POST").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
}

fn violations(result: Result<Policy, PolicyError>) -> Vec<(Rule, Field, Option<usize>)> {
    let error = result.expect_err("violations");
    error
        .violations()
        .iter()
        .map(|it| (it.rule, it.field, it.index))
        .collect()
}

#[test]
fn the_builder_checks_the_rules_of_the_attribute() {
    let built = Policy::builder()
        .origins([
            OriginEntry::from("https://app.example.com/"),
            OriginEntry::regex(r"https://.*\.example\.com"),
            OriginEntry::from("http://example.com"),
            OriginEntry::from("https://*.com"),
        ])
        .methods(["patch"])
        .headers(["cookie", "x-a", "X-A"])
        .expose(["set-cookie"])
        .credentials(true)
        .max_age(Duration::from_secs(86_401))
        .allow(Rule::PublicSuffix)
        .allow(Rule::MissingContentType)
        .allow(Rule::HeaderToken)
        .build();
    let expected = [
        (Rule::OriginPath, Field::Origins, Some(0)),
        (Rule::LooseRegex, Field::Origins, Some(1)),
        (Rule::InsecureOrigin, Field::Origins, Some(2)),
        (Rule::MethodCase, Field::Methods, Some(0)),
        (Rule::ForbiddenRequestHeader, Field::Headers, Some(0)),
        (Rule::DuplicateHeader, Field::Headers, Some(2)),
        (Rule::ForbiddenResponseHeader, Field::Expose, Some(0)),
        (Rule::MaxAgeTooLong, Field::MaxAge, None),
        (Rule::UnusedAllow, Field::Allow, Some(2)),
    ];
    assert_eq!(violations(built), expected);
    assert_eq!(
        violations(Policy::builder().build()),
        [(Rule::MissingOrigins, Field::Origins, None)]
    );
    let any = Policy::builder().origins(["*"]).credentials(true).build();
    assert_eq!(
        violations(any),
        [(Rule::CredentialsWildcard, Field::Origins, Some(0))]
    );
}

#[test]
fn a_configuration_can_have_an_unused_allow() {
    let built = |origin| {
        let policy = Policy::builder().origins([origin]).credentials(true);
        let policy = policy.allow(Rule::InsecureOrigin);
        policy.allow(Rule::InsecureOrigin).build()
    };
    for origin in [APP, "http://intranet.example.com"] {
        built(origin).expect("a valid policy");
        let json = format!(
            r#"{{ "origins": ["{origin}"], "credentials": true,
                  "allow": ["insecure_origin", "missing_content_type"] }}"#
        );
        serde_json::from_str::<Policy>(&json).expect("a valid policy");
    }
    let json = r#"{ "origins": ["https://a.example"], "allow": ["null_origin"] }"#;
    let error = serde_json::from_str::<Policy>(json).expect_err("not allowed");
    assert!(error.to_string().contains("cannot be allowed"), "{error}");
}

#[test]
fn a_policy_from_a_configuration_can_enforce() {
    let built = |origin| Policy::builder().origins([origin]).enforce(true).build();
    assert!(built(APP).expect("a valid policy").enforce());
    assert_eq!(
        violations(built("*")),
        [(Rule::EnforceWildcard, Field::Origins, Some(0))]
    );
    let read = |json| serde_json::from_str::<Policy>(json);
    let policy = read(r#"{ "origins": ["https://app.example.com"], "enforce": true }"#);
    assert!(policy.expect("a valid policy").enforce());
    let policy = read(r#"{ "origins": ["https://app.example.com"] }"#);
    assert!(!policy.expect("a valid policy").enforce());
    let error = read(r#"{ "origins": "*", "enforce": true }"#).expect_err("nobody to refuse");
    assert!(error.to_string().contains("origins[0]"), "{error}");
}

#[test]
fn a_configuration_can_disable_a_policy() {
    let read = |json: &str| serde_json::from_str::<Policy>(json);
    for json in [
        r#"{ "disabled": true }"#,
        r#"{ "origins": "*", "disabled": true }"#,
        r#"{ "origins": ["https://a.example"], "credentials": true, "enforce": true,
             "max_age": "10m", "disabled": true }"#,
    ] {
        let policy = read(json).expect(json);
        assert!(!policy.credentials() && !policy.enforce(), "{json}");
        assert_eq!(policy.location(), "the configuration");
        policy.ready().expect("a policy without sources");
    }
    let policy = read(
        r#"{ "origins": ["https://a.example"], "credentials": true,
                           "disabled": false }"#,
    );
    assert!(policy.expect("a valid policy").credentials());
    // The other keys are checked, because the policy may be enabled again.
    for (json, part) in [
        (r#"{ "disabled": false }"#, "missing field `origins`"),
        (r#"{ "origins": ["null"], "disabled": true }"#, "origins[0]"),
        (
            r#"{ "methods": ["patch"], "disabled": true }"#,
            "methods[0]",
        ),
        (r#"{ "disabled": "yes" }"#, "boolean"),
    ] {
        let error = read(json).expect_err(json).to_string();
        assert!(error.contains(part), "{json}: {error}");
    }

    let built = Policy::builder().disabled(true).build();
    built.expect("a policy without origins");
    let built = Policy::builder().origins(["null"]).disabled(true).build();
    assert_eq!(
        violations(built),
        [(Rule::NullOrigin, Field::Origins, Some(0))]
    );
    let built = Policy::builder().disabled(true).disabled(false).build();
    assert_eq!(
        violations(built),
        [(Rule::MissingOrigins, Field::Origins, None)]
    );
    assert!(Policy::disabled().location().contains("named.rs:"));
}

#[test]
fn a_violation_has_the_corrected_literal() {
    let built = Policy::builder()
        .origins(["HTTPS://App.Example.com/"])
        .methods(["get"])
        .build();
    let error = built.expect_err("violations");
    let suggestions = error.violations().iter().map(|it| it.suggestion.as_deref());
    assert_eq!(
        suggestions.collect::<Vec<_>>(),
        [Some("https://app.example.com"), Some("GET")]
    );
}

#[test]
fn a_configuration_file_has_the_keys_of_the_attribute() {
    let parse =
        |json: &str| serde_json::from_str::<Policy>(json).map_err(|error| error.to_string());
    for json in [
        r#"{ "origins": "*" }"#,
        r#"{ "origins": ["https://a.example"], "methods": "*",
             "headers": ["*", "authorization"] }"#,
        r#"{ "origins": [{ "regex": "https://pr-[0-9]+\\.example\\.dev" }], "max_age": "10m" }"#,
        r#"{ "origins": ["http://a.example"], "credentials": true, "allow": ["insecure_origin"] }"#,
        r#"{ "origins": ["https://a.example"], "expose": ["etag"], "max_age": 0 }"#,
    ] {
        assert!(parse(json).is_ok(), "{json}: {:?}", parse(json).err());
    }
    for (json, parts) in [
        (
            r#"{ "origins": ["null", "x"], "max_age": 100000 }"#,
            &["origins[0]", "origins[1]", "max_age"][..],
        ),
        (r#"{ "origins": "https://a.example" }"#, &["or a list"]),
        (
            r#"{ "orgins": "*" }"#,
            &["unknown field `orgins`", "origins"],
        ),
        (r#"{ "methods": ["GET"] }"#, &["missing field `origins`"]),
        (r#"{ "origins": "*", "max_age": "1d" }"#, &["max_age", "1d"]),
        (
            r#"{ "origins": "*", "allow": ["everything"] }"#,
            &["unknown rule `everything`"],
        ),
        (r#"{ "origins": "*", "credentials": "yes" }"#, &["boolean"]),
    ] {
        let error = parse(json).expect_err(json);
        assert!(
            parts.iter().all(|part| error.contains(part)),
            "{json}: {error}"
        );
    }
}
