//! No answer makes a browser panic, and a page reads only what a server allows.
#![no_main]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::ready;

use arbitrary::Arbitrary;
use cors_runtime::testing::{
    Browser, Credentials, Exchange, Fetch, Mode, Redirect, ResponseType, with_body,
};
use http::{HeaderName, HeaderValue, Response};
use libfuzzer_sys::fuzz_target;
use tower::service_fn;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    page: u8,
    fetches: Vec<Fetched<'a>>,
    answers: Vec<Answer<'a>>,
    cookie: &'a str,
}

#[derive(Arbitrary, Debug)]
struct Fetched<'a> {
    method: Text<'a>,
    url: Text<'a>,
    headers: Vec<(Text<'a>, &'a [u8])>,
    body: Option<&'a str>,
    mode: u8,
    credentials: u8,
    redirect: u8,
    forced: bool,
    xhr: bool,
    seconds: u16,
}

#[derive(Arbitrary, Debug)]
struct Answer<'a> {
    status: u16,
    lines: Vec<(u8, Text<'a>)>,
}

#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Any(&'a str),
    Of(u8),
    List(u8, u8),
}

const PAGES: [&str; 4] = [
    "https://app.example.com",
    "http://localhost:5173",
    "tauri://localhost",
    "https://api.example.com",
];

const TEXTS: [&str; 24] = [
    "GET",
    "PUT",
    "patch",
    "OPTIONS",
    "*",
    "true",
    "https://app.example.com",
    "null",
    "https://api.example.com/",
    "/items",
    "https://user:pw@api.example.com/",
    "http://localhost/",
    "x-token",
    "content-type",
    "authorization",
    "range",
    "5",
    "-1",
    "99999999999",
    "set-cookie",
    "a=b; SameSite=None; Secure",
    "same-site",
    "no-cors",
    "tauri://localhost",
];

const LINES: [&str; 11] = [
    "access-control-allow-origin",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-expose-headers",
    "access-control-max-age",
    "location",
    "set-cookie",
    "cross-origin-resource-policy",
    "x-token",
];

fn pick<T: Copy>(list: &[T], index: u8) -> T {
    list[usize::from(index) % list.len()]
}

impl Text<'_> {
    fn text(&self) -> String {
        match *self {
            Self::Any(text) => text.to_owned(),
            Self::Of(index) => pick(&TEXTS, index).to_owned(),
            Self::List(one, two) => format!("{}, {}", pick(&TEXTS, one), pick(&TEXTS, two)),
        }
    }
}

impl Fetched<'_> {
    fn fetch(&self) -> Fetch {
        let modes = [Mode::Cors, Mode::Cors, Mode::NoCors, Mode::SameOrigin];
        let credentials = [
            Credentials::Omit,
            Credentials::SameOrigin,
            Credentials::Include,
        ];
        let redirects = [Redirect::Follow, Redirect::Error, Redirect::Manual];
        let mut fetch = Fetch::new(self.method.text(), self.url.text())
            .mode(pick(&modes, self.mode))
            .credentials(pick(&credentials, self.credentials))
            .redirect(pick(&redirects, self.redirect));
        for (name, value) in &self.headers {
            fetch = fetch.header(name.text(), value);
        }
        if let Some(body) = self.body {
            fetch = fetch.body(body);
        }
        if self.forced {
            fetch = fetch.force_preflight();
        }
        if self.xhr { fetch.xhr() } else { fetch }
    }
}

impl Answer<'_> {
    fn response(&self) -> Response<String> {
        let mut response = Response::new("text".to_owned());
        let status = [
            200,
            204,
            301,
            303,
            307,
            308,
            403,
            500,
            self.status % 900 + 100,
        ];
        if let Ok(status) = pick(&status, self.status as u8).try_into() {
            *response.status_mut() = status;
        }
        for (name, value) in &self.lines {
            if let Ok(value) = HeaderValue::from_str(&value.text()) {
                response
                    .headers_mut()
                    .append(HeaderName::from_static(pick(&LINES, *name)), value);
            }
        }
        response
    }
}

fuzz_target!(|input: Input<'_>| {
    let page = pick(&PAGES, input.page);
    let mut answers: VecDeque<_> = input.answers.iter().map(Answer::response).collect();
    let service = service_fn(move |_: http::Request<Vec<u8>>| {
        let answer = answers.pop_front();
        answers.extend(answer.clone());
        ready(Ok::<_, Infallible>(answer.unwrap_or_default()))
    });
    let mut app = with_body(service, |bytes| bytes.to_vec());
    let mut browser = Browser::at(page);
    browser.set_cookie("https://api.example.com", input.cookie);
    for fetched in &input.fetches {
        browser.clear_log();
        browser.advance(std::time::Duration::from_secs(fetched.seconds.into()));
        let fetch = browser.fetch(&mut app, fetched.fetch());
        let result = poll(fetch);
        match result {
            Ok(read) if read.response_type() == ResponseType::Cors => {
                let allowed = browser.log().last().and_then(allow_origin);
                // After a redirect to another origin, the origin is `null`.
                let expected = ["*", page, "null"].map(Some);
                assert!(expected.contains(&allowed), "{read:?} by {allowed:?}");
            }
            Ok(read) => drop(format!("{read:?}")),
            Err(blocked) => drop(format!("{blocked}")),
        }
        check_preflights(&browser);
    }
});

/// Without the white space around it, which is not part of the value.
fn allow_origin(exchange: &Exchange) -> Option<&str> {
    let value = exchange.response_header("access-control-allow-origin");
    value.map(|value| value.trim_matches([' ', '\t']))
}

/// A preflight that is not allowed is the last request.
fn check_preflights(browser: &Browser) {
    for pair in browser.log().windows(2) {
        if pair[0].is_preflight() {
            assert!(!pair[1].is_preflight());
            assert!(
                pair[0]
                    .status()
                    .is_some_and(|status| (200..300).contains(&status))
            );
            assert!(allow_origin(&pair[0]).is_some());
        }
    }
}

/// The services of this target never wait.
fn poll<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => unreachable!("a service waits"),
    }
}
