//! A request on its way to a server: the headers that the browser adds, and cookies.

use bytes::Bytes;
use url::{Position, Url};

use super::app::{ResponseBody, Server};
use super::failure::Failure;
use super::fetch::{Api, Mode};
use super::headers::HeaderList;
use super::log::Exchange;
use super::origin::{Origin, is_trustworthy};
use super::reason::Reason;
use super::request::{Request, Tainting};
use super::session::Session;

const USER_AGENT: &str = "Mozilla/5.0 (compatible; cors_runtime::testing::Browser)";

pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: HeaderList,
    pub(super) body: ResponseBody,
}

impl Session<'_> {
    /// [HTTP-network fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch),
    /// without a cache.
    pub(super) async fn network(
        &mut self,
        request: &Request,
        is_preflight: bool,
    ) -> Result<Response, Failure> {
        let sent = self.http_request(request)?;
        self.state
            .log
            .push(Exchange::new(request.url.as_str(), &sent, is_preflight));
        let server: &mut dyn Server = match self.routes.get_mut(&Origin::of(&request.url)) {
            Some(server) => server.as_mut(),
            None => self.app.as_deref_mut().ok_or(Reason::NoServer)?,
        };
        let answer = server.serve(sent).await.map_err(Reason::ServerFailed)?;
        if let Some(exchange) = self.state.log.last_mut() {
            exchange.answer(&answer);
        }
        let (parts, body) = answer.into_parts();
        let headers = HeaderList::from(&parts.headers);
        if request.includes_credentials() {
            self.store_cookies(request, &headers);
        }
        let status = parts.status.as_u16();
        Ok(Response {
            status,
            headers,
            body,
        })
    }

    fn http_request(&self, request: &Request) -> Result<http::Request<Bytes>, Reason> {
        let mut headers = request.headers.clone();
        self.add_headers(&mut headers, request);
        let target = &request.url[Position::BeforePath..Position::AfterQuery];
        let sent = http::Request::builder()
            .method(request.method.as_str())
            .uri(target);
        let sent = sent.body(request.body.clone().unwrap_or_default());
        let mut sent = sent.map_err(|error| Reason::InvalidFetch(error.to_string()))?;
        *sent.headers_mut() = headers.to_header_map();
        Ok(sent)
    }

    fn add_headers(&self, headers: &mut HeaderList, request: &Request) {
        let host = &request.url[Position::BeforeHost..Position::AfterPort];
        headers.append("Host", host);
        let has_length = request.body.is_some() || matches!(&*request.method, "POST" | "PUT");
        if has_length {
            let length = request.body.as_ref().map_or(0, Bytes::len);
            headers.append("Content-Length", length.to_string());
        }
        if let Some(referrer) = &request.referrer {
            headers.append("Referer", referrer.as_str());
        }
        if let Some(origin) = origin(request) {
            headers.append("Origin", origin);
        }
        if is_trustworthy(&request.url) {
            headers.append("Sec-Fetch-Dest", "empty");
            headers.append("Sec-Fetch-Mode", mode(request));
            headers.append("Sec-Fetch-Site", site(request));
        }
        if !headers.contains("user-agent") {
            headers.append("User-Agent", USER_AGENT);
        }
        if headers.contains("range") {
            headers.append("Accept-Encoding", "identity");
        }
        if request.includes_credentials()
            && let Some(cookies) = self.cookies(request)
        {
            headers.append("Cookie", cookies);
        }
    }

    fn cookies(&self, request: &Request) -> Option<String> {
        self.state
            .cookies
            .header(&request.url, is_same_site(request), self.state.now())
    }

    fn store_cookies(&mut self, request: &Request, response: &HeaderList) {
        let now = self.state.now();
        for line in response.values("set-cookie") {
            let line = String::from_utf8_lossy(line);
            self.state
                .cookies
                .store(&line, &request.url, is_same_site(request), now);
        }
    }
}

/// The [`Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header): with CORS,
/// and with every method other than GET and HEAD.
fn origin(request: &Request) -> Option<String> {
    let is_sent = request.tainting == Tainting::Cors
        || request.api == Api::WebSocket
        || !matches!(&*request.method, "GET" | "HEAD");
    let is_downgrade = request.tainting != Tainting::Cors
        && request.mode != Mode::Cors
        && request.origin.scheme() == Some("https")
        && request.url.scheme() != "https";
    match (is_sent, is_downgrade) {
        (false, _) => None,
        (true, true) => Some(Origin::Opaque.to_string()),
        (true, false) => Some(request.serialized_origin()),
    }
}

fn mode(request: &Request) -> &'static str {
    match request.mode {
        _ if request.api == Api::WebSocket => "websocket",
        Mode::Cors => "cors",
        Mode::NoCors => "no-cors",
        Mode::SameOrigin => "same-origin",
    }
}

/// The value of [`Sec-Fetch-Site`](https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header).
fn site(request: &Request) -> &'static str {
    let all = |is_same: fn(&Origin, &Origin) -> bool| {
        request
            .urls()
            .all(|url: &Url| is_same(&request.origin, &Origin::of(url)))
    };
    if all(Origin::is_same_origin) {
        "same-origin"
    } else if all(Origin::is_same_site) {
        "same-site"
    } else {
        "cross-site"
    }
}

/// Returns whether cookies with `SameSite` are sent and stored.
fn is_same_site(request: &Request) -> bool {
    site(request) != "cross-site"
}
