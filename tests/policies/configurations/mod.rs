//! The CORS configurations of twenty projects, as they were in 2026: each as a policy, or with the
//! rule that refuses it. The tests are in the order of the number in their first line.

mod actix_web;
mod axum;
mod layers;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, HeaderName,
};

use crate::common::{App, Reply, preflight, request};

/// A page that calls the API, with `fetch(.., { credentials: "include" })` or without.
#[derive(Clone, Copy)]
struct Page {
    origin: &'static str,
    credentials: bool,
}

const fn page(origin: &'static str) -> Page {
    Page {
        origin,
        credentials: false,
    }
}

const fn page_with_cookies(origin: &'static str) -> Page {
    Page {
        origin,
        credentials: true,
    }
}

const STRANGER: Page = page("https://stranger.example");
const STRANGER_WITH_COOKIES: Page = page_with_cookies("https://stranger.example");

impl Page {
    /// Asks before a request, and returns whether the browser then sends the request.
    async fn may_send(self, app: &impl App, method: &str, path: &str, headers: &str) -> bool {
        let mut sent = preflight(method, path).from(self.origin);
        if !headers.is_empty() {
            sent = sent.with_headers(headers);
        }
        let reply = sent.to(app).await;
        let is_simple = ["GET", "HEAD", "POST"].contains(&method);
        let methods = Allowed::new(&reply, &ACCESS_CONTROL_ALLOW_METHODS, self);
        let names = Allowed::new(&reply, &ACCESS_CONTROL_ALLOW_HEADERS, self);
        reply.status.is_success()
            && self.passes(&reply)
            && (is_simple || methods.any || methods.lists(method))
            && headers
                .split(',')
                .filter(|name| !name.is_empty())
                .all(|name| (names.any && name != "authorization") || names.lists(name))
    }

    /// Sends a request, and returns whether the page can read the response.
    async fn can_read(self, app: &impl App, method: &str, path: &str) -> bool {
        let reply = request(method, path).from(self.origin).to(app).await;
        self.passes(&reply)
    }

    /// The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
    fn passes(self, reply: &Reply) -> bool {
        let origin = reply.lines(&ACCESS_CONTROL_ALLOW_ORIGIN);
        if self.credentials {
            let credentials = reply.lines(&ACCESS_CONTROL_ALLOW_CREDENTIALS);
            origin == [self.origin] && credentials == ["true"]
        } else {
            origin == ["*"] || origin == [self.origin]
        }
    }
}

/// The list in the response to a preflight.
struct Allowed {
    elements: Vec<String>,
    any: bool,
}

impl Allowed {
    fn new(reply: &Reply, name: &HeaderName, page: Page) -> Self {
        let elements = reply.tokens(name);
        Self {
            any: !page.credentials && elements.iter().any(|it| it == "*"),
            elements,
        }
    }

    fn lists(&self, element: &str) -> bool {
        self.elements.contains(&element.to_ascii_lowercase())
    }
}
