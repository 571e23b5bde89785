//! The requested methods and headers of preflights.

use super::{APP, Row, STRANGER, named, row};
use crate::expected::{allowed_preflight, refused_preflight, without_cors};
use crate::request::{ACRM, PlainRequest, preflight, request};
use crate::services::Service::{self, Listed, Open, Pattern, Repeating, Token, Wild};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = methods();
    rows.extend(header_names());
    rows.extend(bounds());
    rows.extend(wildcards());
    rows.extend(repeated());
    rows
}

/// Creates a preflight from an allowed origin.
fn from_app(service: Service, method: &[u8], names: &[impl AsRef<[u8]>]) -> PlainRequest {
    let sent = preflight(service, method).from(APP);
    names.iter().fold(sent, PlainRequest::names)
}

fn allowed(service: Service, what: &str, method: &str, names: &[&str]) -> Row {
    let sent = from_app(service, method.as_bytes(), names);
    row(named(service, what), sent, allowed_preflight(service, APP))
}

fn refused(service: Service, what: &str, method: &str, names: &[&str]) -> Row {
    let sent = from_app(service, method.as_bytes(), names);
    row(named(service, what), sent, refused_preflight())
}

const NONE: &[&str] = &[];

fn methods() -> Vec<Row> {
    let twice = from_app(Listed, b"PUT", NONE).line(ACRM, "PUT");
    let bytes = from_app(Listed, b"P\xffT", NONE);
    let nowhere = preflight(Listed, "PUT").at("/nowhere").from(APP);
    vec![
        allowed(Listed, "a listed method", "PUT", NONE),
        allowed(Listed, "safelisted GET", "GET", NONE),
        allowed(Listed, "safelisted HEAD", "HEAD", NONE),
        allowed(Listed, "safelisted POST", "POST", NONE),
        allowed(Listed, "GET with an empty line of names", "GET", &[""]),
        allowed(Pattern, "GET by default", "GET", NONE),
        allowed(Pattern, "HEAD by default", "HEAD", NONE),
        allowed(Pattern, "POST by default", "POST", NONE),
        refused(Pattern, "PUT by default", "PUT", NONE),
        refused(Listed, "a method that is not served", "PATCH", NONE),
        refused(Listed, "served, but not listed", "OPTIONS", NONE),
        refused(Listed, "a listed method in lower case", "put", NONE),
        refused(Listed, "a safelisted method in lower case", "post", NONE),
        refused(Listed, "an empty method", "", NONE),
        refused(Listed, "a method and a space", "PUT ", NONE),
        refused(Listed, "two methods in one line", "PUT, GET", NONE),
        refused(Listed, "an asterisk for a method", "*", NONE),
        row(
            named(Listed, "a method on two lines"),
            twice,
            refused_preflight(),
        ),
        row(
            named(Listed, "a method that is not text"),
            bytes,
            refused_preflight(),
        ),
        row("/nowhere: preflight", nowhere, without_cors(404)),
    ]
}

fn header_names() -> Vec<Row> {
    let stranger = preflight(Listed, "PUT").from(STRANGER).names("x-token");
    let bytes = from_app(Listed, b"PUT", &[b"x-token, \xff"]);
    vec![
        allowed(Listed, "one name", "PUT", &["x-token"]),
        allowed(Listed, "both names", "PUT", &["content-type,x-token"]),
        allowed(
            Listed,
            "names in another case and order",
            "PUT",
            &["X-TOKEN, Content-Type"],
        ),
        allowed(
            Listed,
            "names on two lines",
            "PUT",
            &["x-token", "content-type"],
        ),
        allowed(
            Listed,
            "white space and empty elements",
            "PUT",
            &[" \tx-token\t , ,, content-type ,"],
        ),
        allowed(
            Listed,
            "an empty line between names",
            "PUT",
            &["x-token", "", ","],
        ),
        allowed(Listed, "a name twice", "PUT", &["x-token,x-token"]),
        allowed(Listed, "names for a POST", "POST", &["content-type"]),
        refused(Listed, "a name that is not listed", "PUT", &["x-other"]),
        refused(
            Listed,
            "a name that is not listed, last",
            "PUT",
            &["x-token, x-other"],
        ),
        refused(
            Listed,
            "a name that is not listed, on the first line",
            "PUT",
            &["x-other", "x-token"],
        ),
        refused(
            Listed,
            "a name that is not listed, on the last line",
            "PUT",
            &["x-token", "x-other"],
        ),
        refused(Listed, "the start of a name", "PUT", &["x-tok"]),
        refused(
            Listed,
            "a space instead of a comma",
            "PUT",
            &["x-token content-type"],
        ),
        refused(Listed, "an asterisk for a name", "PUT", &["*"]),
        refused(Listed, "authorization", "PUT", &["authorization"]),
        row(
            named(Listed, "a name that is not text"),
            bytes,
            refused_preflight(),
        ),
        row(
            named(Listed, "names from another origin"),
            stranger,
            refused_preflight(),
        ),
        refused(
            Pattern,
            "a name for an empty list",
            "GET",
            &["content-type"],
        ),
        allowed(Pattern, "no name for an empty list", "GET", &["", ","]),
        refused(Open, "a name for an empty list", "GET", &["content-type"]),
    ]
}

/// At most 4096 bytes and 64 elements over all lines, including empty elements.
fn bounds() -> Vec<Row> {
    let elements = |count: usize| vec!["x-token"; count].join(",");
    let commas = |count: usize| ",".repeat(count - 1);
    let padded = |len: usize| format!("{:<len$}", "x-token");
    vec![
        allowed(Listed, "64 names", "PUT", &[&elements(64)]),
        refused(Listed, "65 names", "PUT", &[&elements(65)]),
        allowed(Listed, "64 empty names", "PUT", &[&commas(64)]),
        refused(Listed, "65 empty names", "PUT", &[&commas(65)]),
        allowed(
            Listed,
            "64 names on two lines",
            "PUT",
            &[&elements(32), &commas(32)],
        ),
        refused(
            Listed,
            "65 names on two lines",
            "PUT",
            &[&elements(32), &commas(33)],
        ),
        allowed(Listed, "64 empty lines", "PUT", &[""; 64]),
        refused(Listed, "65 empty lines", "PUT", &[""; 65]),
        allowed(Listed, "4096 bytes", "PUT", &[&padded(4096)]),
        refused(Listed, "4097 bytes", "PUT", &[&padded(4097)]),
        allowed(
            Listed,
            "4096 bytes on two lines",
            "PUT",
            &[&padded(2000), &padded(2096)],
        ),
        refused(
            Listed,
            "4097 bytes on two lines",
            "PUT",
            &[&padded(2000), &padded(2097)],
        ),
    ]
}

fn wildcards() -> Vec<Row> {
    let from_empty = request(Wild, "OPTIONS").from("").line(ACRM, "PUT");
    let from_two = preflight(Wild, "PUT").from(APP).from(STRANGER);
    vec![
        allowed(Wild, "any name", "PUT", &["x-anything, content-type"]),
        allowed(Wild, "an asterisk for a name", "GET", &["*"]),
        allowed(Wild, "a safelisted method", "POST", NONE),
        refused(Wild, "authorization", "PUT", &["authorization"]),
        refused(
            Wild,
            "authorization in another case",
            "PUT",
            &["x-one, Authorization"],
        ),
        refused(Wild, "a name that is not a token", "PUT", &["x one"]),
        refused(Wild, "a method that is not a token", "P T", NONE),
        refused(Wild, "an empty method", "", NONE),
        refused(Wild, "a method that is not served", "DELETE", NONE),
        refused(Wild, "a custom method", "CHICKEN", NONE),
        row(
            named(Wild, "an empty origin"),
            from_empty,
            allowed_preflight(Wild, "*"),
        ),
        row(
            named(Wild, "two origins"),
            from_two,
            allowed_preflight(Wild, "*"),
        ),
        allowed(Token, "authorization", "GET", &["authorization"]),
        allowed(
            Token,
            "authorization in another case, and any name",
            "POST",
            &["AUTHORIZATION, x-one"],
        ),
        refused(Token, "PUT by default", "PUT", NONE),
        refused(Open, "PUT by default", "PUT", NONE),
    ]
}

/// With credentials, the response to a preflight repeats the requested names.
fn repeated() -> Vec<Row> {
    let repeats = |what, names: &[&str], repeated: &str| {
        let sent = from_app(Repeating, b"PUT", names);
        let expected = allowed_preflight(Repeating, APP).headers(repeated);
        row(named(Repeating, what), sent, expected)
    };
    let stranger = preflight(Repeating, "PUT").from(STRANGER).names("x-one");
    vec![
        repeats("a name", &["x-one"], "x-one"),
        repeats("two names", &["x-one,x-two"], "x-one,x-two"),
        repeats("two lines", &["x-one", "", "x-two"], "x-one, x-two"),
        repeats("an asterisk for a name", &["*"], "*"),
        allowed(Repeating, "no name", "PUT", NONE),
        allowed(Repeating, "empty names", "PUT", &["", ", ,"]),
        allowed(Repeating, "a safelisted method", "POST", NONE),
        refused(Repeating, "authorization", "PUT", &["authorization"]),
        refused(
            Repeating,
            "authorization, last",
            "PUT",
            &["x-one, Authorization"],
        ),
        refused(
            Repeating,
            "a name that is not a token",
            "PUT",
            &["x-one, x two"],
        ),
        refused(Repeating, "a method that is not a token", "P T", NONE),
        refused(Repeating, "an empty method", "", NONE),
        row(
            named(Repeating, "names from another origin"),
            stranger,
            refused_preflight(),
        ),
    ]
}
