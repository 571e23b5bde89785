//! Which requests have a preflight, and what a preflight must answer.

use cors_runtime::testing::{Browser, Credentials, Fetch, Reason};

use crate::server::{API, Lines, PAGE, answers, methods, sent};

const ORIGIN: (&str, &str) = ("access-control-allow-origin", PAGE);
const ANY_ORIGIN: (&str, &str) = ("access-control-allow-origin", "*");
const CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");
const PUT: (&str, &str) = ("access-control-allow-methods", "PUT");

/// Fetches with a preflight, and returns the kind of the failure.
async fn reason(fetch: Fetch, preflight: (u16, Lines<'_>), answer: Lines<'_>) -> Option<Reason> {
    let mut server = answers([preflight, (200, answer)]);
    let result = Browser::at(PAGE).fetch(&mut server, fetch).await;
    result.err().map(|blocked| {
        let in_preflight = !matches!(blocked.reason(), Reason::AllowOriginMissing);
        assert!(blocked.is_preflight() || !in_preflight, "{blocked}");
        blocked.reason().clone()
    })
}

#[tokio::test]
async fn the_preflight_has_a_cors_check_of_its_own() {
    let put = || Fetch::put(API);
    let result = |preflight, answer| reason(put(), (204, preflight), answer);

    assert_eq!(result(&[ORIGIN, PUT], &[ORIGIN]).await, None);
    assert_eq!(result(&[ANY_ORIGIN, PUT], &[ANY_ORIGIN]).await, None);
    assert_eq!(
        result(&[PUT], &[ORIGIN]).await,
        Some(Reason::AllowOriginMissing)
    );
    assert_eq!(
        result(&[ORIGIN, PUT], &[]).await,
        Some(Reason::AllowOriginMissing)
    );
}

#[tokio::test]
async fn no_wildcard_counts_with_credentials() {
    let put = || Fetch::put(API).credentials(Credentials::Include);
    let result = |preflight, answer| reason(put(), (204, preflight), answer);
    let any = ("access-control-allow-methods", "*");

    let right = [ORIGIN, CREDENTIALS];
    assert_eq!(result(&[ORIGIN, CREDENTIALS, PUT], &right).await, None);
    let wildcard = result(&[ANY_ORIGIN, CREDENTIALS, PUT], &right).await;
    assert_eq!(wildcard, Some(Reason::AllowOriginWildcard));
    assert_eq!(
        result(&[ORIGIN, PUT], &right).await,
        Some(Reason::AllowCredentials)
    );
    let method = result(&[ORIGIN, CREDENTIALS, any], &right).await;
    assert_eq!(method, Some(Reason::MethodNotAllowed("PUT".to_owned())));
}

#[tokio::test]
async fn the_response_has_no_wildcard_with_credentials() {
    let mut server = answers([(200, &[ANY_ORIGIN, CREDENTIALS])]);
    let fetch = Fetch::get(API).credentials(Credentials::Include);
    let blocked = Browser::at(PAGE)
        .fetch(&mut server, fetch)
        .await
        .unwrap_err();
    assert_eq!(blocked.reason(), &Reason::AllowOriginWildcard);
    assert!(!blocked.is_preflight());
}

#[tokio::test]
async fn a_preflight_has_no_credentials_itself() {
    let mut browser = Browser::at(PAGE);
    browser.set_cookie(API, "a=1; Secure");
    let fetch = Fetch::put(API)
        .header("authorization", "x")
        .credentials(Credentials::Include);
    browser.fetch(&mut answers([]), fetch).await.unwrap_err();
    assert_eq!(methods(&browser), ["OPTIONS"]);
    assert_eq!(sent(&browser, "cookie"), None);
    assert_eq!(sent(&browser, "authorization"), None);
    assert_eq!(sent(&browser, "access-control-request-method"), Some("PUT"));
    assert_eq!(
        sent(&browser, "access-control-request-headers"),
        Some("authorization")
    );
    assert_eq!(sent(&browser, "origin"), Some(PAGE));
    assert_eq!(sent(&browser, "accept"), Some("*/*"));
}

#[tokio::test]
async fn the_status_is_from_200_to_299() {
    let result = |status| reason(Fetch::put(API), (status, &[ORIGIN, PUT]), &[ORIGIN]);
    for status in [200, 204, 299] {
        assert_eq!(result(status).await, None);
    }
    for status in [199, 300, 301, 304, 403, 500] {
        assert_eq!(result(status).await, Some(Reason::PreflightStatus(status)));
    }
}

#[tokio::test]
async fn a_wildcard_never_covers_authorization() {
    let fetch = |name| Fetch::get(API).header(name, "x");
    let any = ("access-control-allow-headers", "*");
    let listed = ("access-control-allow-headers", "*, Authorization");
    let result = |fetch, allowed| async move {
        reason(fetch, (200, &[ANY_ORIGIN, allowed]), &[ANY_ORIGIN]).await
    };
    assert_eq!(result(fetch("x-token"), any).await, None);
    let refused = Reason::HeaderNotAllowed("authorization".to_owned());
    assert_eq!(result(fetch("Authorization"), any).await, Some(refused));
    assert_eq!(result(fetch("Authorization"), listed).await, None);
}

#[tokio::test]
async fn a_forced_preflight_needs_no_method() {
    let fetch = || Fetch::post(API).force_preflight();
    assert_eq!(reason(fetch(), (200, &[ORIGIN]), &[ORIGIN]).await, None);
    // Also with a list that does not have the method: POST is safelisted.
    assert_eq!(
        reason(fetch(), (200, &[ORIGIN, PUT]), &[ORIGIN]).await,
        None
    );
    let refused = reason(fetch(), (403, &[ORIGIN]), &[ORIGIN]).await;
    assert_eq!(refused, Some(Reason::PreflightStatus(403)));
}

#[tokio::test]
async fn invalid_lists_allow_nothing() {
    let result = |header: (&'static str, &'static str)| async move {
        let post = Fetch::post(API).force_preflight();
        reason(post, (200, &[ORIGIN, header]), &[ORIGIN]).await
    };
    let methods = result(("access-control-allow-methods", "POST PUT")).await;
    assert_eq!(methods, Some(Reason::AllowMethodsInvalid));
    let headers = result(("access-control-allow-headers", "x-a; x-b")).await;
    assert_eq!(headers, Some(Reason::AllowHeadersInvalid));
}

#[tokio::test]
async fn methods_differ_by_case() {
    let result = |method: &'static str, allowed| async move {
        let allowed = ("access-control-allow-methods", allowed);
        reason(
            Fetch::new(method, API),
            (200, &[ORIGIN, allowed]),
            &[ORIGIN],
        )
        .await
    };
    assert_eq!(result("put", "PUT").await, None);
    assert_eq!(result("patch", "patch").await, None);
    let refused = Reason::MethodNotAllowed("patch".to_owned());
    assert_eq!(result("patch", "PATCH").await, Some(refused));
}

#[tokio::test]
async fn pages_of_the_same_origin_send_no_preflight() {
    let mut browser = Browser::at(PAGE);
    let fetch = Fetch::put("/items")
        .header("x-token", "1")
        .force_preflight();
    browser
        .fetch(&mut answers([(200, &[])]), fetch)
        .await
        .unwrap();
    assert_eq!(methods(&browser), ["PUT"]);
}
