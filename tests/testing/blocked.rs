//! The messages.

use cors_runtime::testing::{Browser, Credentials, Fetch, Mode};

use crate::server::{API, Lines, PAGE, answers};

async fn message<const N: usize>(fetch: Fetch, responses: [(u16, Lines<'_>); N]) -> String {
    let mut server = answers(responses);
    let blocked = Browser::at(PAGE)
        .fetch(&mut server, fetch)
        .await
        .unwrap_err();
    // `unwrap` prints `Debug`.
    assert_eq!(format!("{blocked:?}"), blocked.to_string());
    blocked.to_string()
}

const ORIGIN: (&str, &str) = ("access-control-allow-origin", PAGE);
const ACCESS: &str = "Access to fetch at 'https://api.example.com/items' from origin \
                      'https://app.example.com' has been blocked by CORS policy: ";

#[tokio::test]
async fn no_header() {
    let expected = format!(
        "{ACCESS}No 'Access-Control-Allow-Origin' header is present on the requested resource.
  expected access-control-allow-origin: https://app.example.com (or *)
  found    no access-control-allow-origin
  response to GET: status 404"
    );
    assert_eq!(message(Fetch::get(API), [(404, &[])]).await, expected);
}

#[tokio::test]
async fn no_header_in_a_preflight() {
    let expected = format!(
        "{ACCESS}Response to preflight request doesn't pass access control check: No \
         'Access-Control-Allow-Origin' header is present on the requested resource.
  expected access-control-allow-origin: https://app.example.com (or *)
  found    no access-control-allow-origin
  preflight for PUT with authorization, x-token: status 401"
    );
    let fetch = Fetch::put(API)
        .header("X-Token", "1")
        .header("Authorization", "x");
    assert_eq!(message(fetch, [(401, &[])]).await, expected);
}

#[tokio::test]
async fn a_denial_explains_the_missing_header() {
    let denied: Lines<'_> = &[("cors-denied", "because")];
    let blocked = Browser::at(PAGE)
        .fetch(&mut answers([(403, denied)]), Fetch::put(API))
        .await
        .unwrap_err();
    assert_eq!(blocked.denied(), Some("because"));
    assert_eq!(blocked.status(), Some(403));
    let message = blocked.to_string();
    assert!(
        message.ends_with(
            "on the requested resource.
  preflight for PUT: status 403
  cors-denied: because"
        ),
        "{message}"
    );

    let other: Lines<'_> = &[
        ("cors-denied", "because"),
        ("access-control-allow-origin", "https://other.example.com"),
    ];
    let message = self::message(Fetch::get(API), [(200, other)]).await;
    assert!(
        message.ends_with(
            "
  expected access-control-allow-origin: https://app.example.com (or *)
  found    access-control-allow-origin: https://other.example.com
  response to GET: status 200
  cors-denied: because"
        ),
        "{message}"
    );
}

#[tokio::test]
async fn another_origin_in_a_preflight() {
    let other: Lines<'_> = &[("access-control-allow-origin", "https://app.example.com/")];
    let expected = format!(
        "{ACCESS}Response to preflight request doesn't pass access control check: The \
         'Access-Control-Allow-Origin' header has a value 'https://app.example.com/' that is not \
         equal to the supplied origin.
  expected access-control-allow-origin: https://app.example.com (or *)
  found    access-control-allow-origin: https://app.example.com/
  preflight for PUT: status 204"
    );
    assert_eq!(message(Fetch::put(API), [(204, other)]).await, expected);
}

#[tokio::test]
async fn several_origins() {
    let two: Lines<'_> = &[ORIGIN, ("access-control-allow-origin", "*")];
    let comma = message(Fetch::get(API), [(200, two)]).await;
    let expected =
        "contains multiple values 'https://app.example.com, *', but only one is allowed.";
    assert!(comma.contains(expected), "{comma}");
    let space: Lines<'_> = &[(
        "access-control-allow-origin",
        "https://a.example https://b.example",
    )];
    let space = message(Fetch::get(API), [(200, space)]).await;
    let expected =
        "multiple values 'https://a.example https://b.example', but only one is allowed.";
    assert!(space.contains(expected), "{space}");
}

#[tokio::test]
async fn a_value_that_is_not_an_origin() {
    let invalid: Lines<'_> = &[("access-control-allow-origin", "app.example.com")];
    let message = message(Fetch::get(API), [(200, invalid)]).await;
    let expected = "The 'Access-Control-Allow-Origin' header contains the invalid value \
         'app.example.com'.
  expected access-control-allow-origin: https://app.example.com (or *)";
    assert!(message.contains(expected), "{message}");
}

#[tokio::test]
async fn wildcard_with_credentials() {
    let any: Lines<'_> = &[("access-control-allow-origin", "*")];
    let fetch = Fetch::get(API).credentials(Credentials::Include).xhr();
    let expected = "Access to XMLHttpRequest at 'https://api.example.com/items' from origin \
         'https://app.example.com' has been blocked by CORS policy: The value of the \
         'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when \
         the request's credentials mode is 'include'.
  expected access-control-allow-origin: https://app.example.com
  found    access-control-allow-origin: *
  response to GET: status 200";
    assert_eq!(message(fetch, [(200, any)]).await, expected);
}

#[tokio::test]
async fn no_credentials() {
    let fetch = Fetch::get(API).credentials(Credentials::Include);
    let message = message(fetch, [(200, &[ORIGIN])]).await;
    assert!(message.ends_with(
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which \
         must be 'true' when the request's credentials mode is 'include'.
  expected access-control-allow-credentials: true
  found    no access-control-allow-credentials
  response to GET: status 200"
    ));
}

#[tokio::test]
async fn method() {
    let allowed: Lines<'_> = &[ORIGIN, ("access-control-allow-methods", "GET, DELETE")];
    let expected = format!(
        "{ACCESS}Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.
  expected access-control-allow-methods: PUT (or *)
  found    access-control-allow-methods: GET, DELETE
  preflight for PUT: status 204"
    );
    assert_eq!(message(Fetch::put(API), [(204, allowed)]).await, expected);
}

#[tokio::test]
async fn header() {
    let allowed: Lines<'_> = &[ORIGIN, ("access-control-allow-headers", "*")];
    let expected = format!(
        "{ACCESS}Request header field authorization is not allowed by \
         Access-Control-Allow-Headers in preflight response.
  expected access-control-allow-headers: authorization
  found    access-control-allow-headers: *
  preflight for GET with authorization: status 204"
    );
    let fetch = Fetch::get(API).header("Authorization", "x");
    assert_eq!(message(fetch, [(204, allowed)]).await, expected);
}

#[tokio::test]
async fn status_of_a_preflight() {
    let expected = format!(
        "{ACCESS}Response to preflight request doesn't pass access control check: It does not \
         have HTTP ok status.
  expected status 200 to 299
  preflight for PUT: status 404
  cors-denied: because"
    );
    let denied: Lines<'_> = &[ORIGIN, ("cors-denied", "because")];
    assert_eq!(message(Fetch::put(API), [(404, denied)]).await, expected);
    let moved: Lines<'_> = &[ORIGIN, ("location", "https://other.example.com/")];
    for (lines, expected) in [
        (moved, "Redirect is not allowed for a preflight request."),
        (&[ORIGIN], "It does not have HTTP ok status."),
    ] {
        let message = message(Fetch::put(API), [(302, lines)]).await;
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn redirect() {
    let moved: Lines<'_> = &[ORIGIN, ("location", "https://other.example.com/")];
    let expected = "Access to fetch at 'https://other.example.com/' (redirected from \
         'https://api.example.com/items') from origin 'https://app.example.com' has been blocked \
         by CORS policy: The 'Access-Control-Allow-Origin' header has a value \
         'https://app.example.com' that is not equal to the supplied origin.
  expected access-control-allow-origin: null (or *)
  found    access-control-allow-origin: https://app.example.com
  response to GET: status 200";
    assert_eq!(
        message(Fetch::get(API), [(302, moved), (200, &[ORIGIN])]).await,
        expected
    );
}

#[tokio::test]
async fn a_list_that_is_not_a_list() {
    let allowed: Lines<'_> = &[ORIGIN, ("access-control-allow-methods", "PUT DELETE")];
    let expected = format!(
        "{ACCESS}Cannot parse Access-Control-Allow-Methods response header field in preflight \
         response.
  found    access-control-allow-methods: PUT DELETE
  preflight for PUT: status 204"
    );
    assert_eq!(message(Fetch::put(API), [(204, allowed)]).await, expected);
}

#[tokio::test]
async fn resource_policy() {
    let refused: Lines<'_> = &[("cross-origin-resource-policy", "same-origin")];
    let message = message(Fetch::get(API).mode(Mode::NoCors), [(200, refused)]).await;
    assert!(message.ends_with(
        "
  expected cross-origin-resource-policy: cross-origin
  found    cross-origin-resource-policy: same-origin
  response to GET: status 200"
    ));
}

#[tokio::test]
async fn failures_without_cors() {
    let same_origin = Fetch::get(API).mode(Mode::SameOrigin);
    let expected = "Fetch API cannot load https://api.example.com/items. Request mode is \
        \"same-origin\" but the URL's origin is not same as the request origin \
        https://app.example.com.";
    assert_eq!(message(same_origin, []).await, expected);
    let handshake = Fetch::websocket("wss://api.example.com/items");
    let expected = "WebSocket connection to 'wss://api.example.com/items' failed: Error during \
        WebSocket handshake: Unexpected response code: 403";
    assert_eq!(message(handshake, [(403, &[])]).await, expected);
    let trace = message(Fetch::new("TRACE", API), []).await;
    assert!(
        trace.ends_with("TypeError: pages cannot send the method TRACE"),
        "{trace}"
    );
    let blocked = Browser::at(PAGE).send(Fetch::get(API)).await.unwrap_err();
    let expected = "No application is routed for this origin: add one by `Browser::route`.";
    assert!(blocked.to_string().ends_with(expected));
    assert_eq!(blocked.status(), None);
    assert_eq!(blocked.denied(), None);
}
