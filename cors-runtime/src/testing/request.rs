//! A request of the standard, from the constructor of `Request` on.

use bytes::Bytes;
use data_url::mime::Mime;
use url::Url;

use super::fetch::{Api, Credentials, Fetch, Mode, Redirect};
use super::headers::{HeaderList, decode, is_token, normalize};
use super::origin::{Origin, includes_userinfo, is_trustworthy};
use super::reason::Reason;
use super::safelist::{
    is_forbidden_header, is_forbidden_method, is_no_cors_safelisted_header, is_safelisted_method,
    normalize_method,
};

/// [Response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tainting {
    Basic,
    Cors,
    Opaque,
}

/// A [request](https://fetch.spec.whatwg.org/#concept-request).
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) origin: Origin,
    pub(super) method: String,
    /// The URL list before the current URL.
    pub(super) redirected_from: Vec<Url>,
    pub(super) url: Url,
    pub(super) referrer: Option<Url>,
    pub(super) headers: HeaderList,
    pub(super) body: Option<Bytes>,
    pub(super) mode: Mode,
    pub(super) credentials: Credentials,
    pub(super) redirect: Redirect,
    pub(super) forces_preflight: bool,
    pub(super) tainting: Tainting,
    pub(super) api: Api,
}

impl Request {
    /// Runs the [constructor](https://fetch.spec.whatwg.org/#dom-request) of `Request`.
    pub(super) fn new(origin: &Origin, page: Option<&Url>, fetch: Fetch) -> Result<Self, Reason> {
        let url = Url::options().base_url(page).parse(&fetch.url);
        let url = url.map_err(|error| invalid(format!("`{}` is not a URL: {error}", fetch.url)))?;
        let url = if fetch.api == Api::WebSocket {
            http_url(url)
        } else {
            url
        };
        if includes_userinfo(&url) && fetch.api == Api::Fetch {
            return Err(invalid(format!("`{url}` includes credentials")));
        }
        check_method(&fetch)?;
        let method = normalize_method(&fetch.method);
        let mut fetch = fetch;
        if matches!(&*method, "GET" | "HEAD")
            && fetch.body.take().is_some()
            && fetch.api == Api::Fetch
        {
            return Err(invalid(format!("a {method} has no body")));
        }
        Ok(Self {
            origin: origin.clone(),
            method,
            redirected_from: Vec::new(),
            url,
            referrer: page
                .filter(|_| fetch.api != Api::WebSocket)
                .and_then(referrer),
            headers: headers(&fetch)?,
            body: fetch.body.map(|body| body.bytes),
            mode: fetch.mode,
            credentials: fetch.credentials,
            redirect: fetch.redirect,
            forces_preflight: fetch.forces_preflight,
            tainting: Tainting::Basic,
            api: fetch.api,
        })
    }

    /// The [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list).
    pub(super) fn urls(&self) -> impl Iterator<Item = &Url> {
        self.redirected_from.iter().chain([&self.url])
    }

    /// [Serializes the origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin). After
    /// a redirect from one foreign origin to another origin, it is `null`.
    pub(super) fn serialized_origin(&self) -> String {
        let origins: Vec<Origin> = self.urls().map(Origin::of).collect();
        let is_tainted = origins
            .windows(2)
            .any(|pair| !pair[1].is_same_origin(&pair[0]) && !self.origin.is_same_origin(&pair[0]));
        let origin = if is_tainted {
            &Origin::Opaque
        } else {
            &self.origin
        };
        origin.to_string()
    }

    /// [Determines the referrer](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer)
    /// by the default policy, `strict-origin-when-cross-origin`. A referrer without a path stays so
    /// after redirects.
    pub(super) fn set_referrer(&mut self) {
        let Some(referrer) = &mut self.referrer else {
            return;
        };
        if referrer.as_str().len() > 4096 {
            referrer.set_path("");
            referrer.set_query(None);
        }
        if Origin::of(referrer).is_same_origin(&Origin::of(&self.url)) {
            return;
        }
        if is_trustworthy(referrer) && !is_trustworthy(&self.url) {
            self.referrer = None;
        } else {
            referrer.set_path("");
            referrer.set_query(None);
        }
    }

    pub(super) fn includes_credentials(&self) -> bool {
        match self.credentials {
            Credentials::Include => true,
            Credentials::SameOrigin => self.tainting == Tainting::Basic,
            Credentials::Omit => false,
        }
    }
}

/// [Strips](https://w3c.github.io/webappsec-referrer-policy/#strip-url) the URL of a page.
fn referrer(page: &Url) -> Option<Url> {
    if !matches!(page.scheme(), "http" | "https") {
        return None;
    }
    // A URL with a host can have a user.
    let mut referrer = page.clone();
    let _ = referrer.set_username("");
    let _ = referrer.set_password(None);
    referrer.set_fragment(None);
    Some(referrer)
}

fn invalid(message: String) -> Reason {
    Reason::InvalidFetch(message)
}

/// The URL to which a `WebSocket` connects.
fn http_url(mut url: Url) -> Url {
    let scheme = match url.scheme() {
        "ws" => "http",
        "wss" => "https",
        _ => return url,
    };
    // These schemes can replace each other.
    let _ = url.set_scheme(scheme);
    url
}

fn check_method(fetch: &Fetch) -> Result<(), Reason> {
    let method = &fetch.method;
    if !is_token(method.as_bytes()) {
        return Err(invalid(format!("`{method}` is not a method")));
    }
    if is_forbidden_method(method) {
        return Err(invalid(format!("pages cannot send the method {method}")));
    }
    if fetch.mode == Mode::NoCors && !is_safelisted_method(&normalize_method(method)) {
        return Err(invalid(format!(
            "{method} is not possible in mode `no-cors`"
        )));
    }
    Ok(())
}

/// The headers of the [handshake](https://websockets.spec.whatwg.org/#concept-websocket-establish).
const HANDSHAKE: [(&str, &str); 7] = [
    ("Accept", "*/*"),
    ("Pragma", "no-cache"),
    ("Cache-Control", "no-cache"),
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// Fills the header list, without those headers that the page may not set.
fn headers(fetch: &Fetch) -> Result<HeaderList, Reason> {
    if fetch.api == Api::WebSocket {
        return Ok(HANDSHAKE.into_iter().collect());
    }
    let mut headers = HeaderList::default();
    for (name, value) in &fetch.headers {
        append(&mut headers, fetch, name, normalize(value))?;
    }
    let content_type = fetch.body.as_ref().and_then(|body| body.content_type);
    if let Some(content_type) = content_type {
        if !headers.contains("content-type") {
            headers.append("Content-Type", content_type);
        } else if fetch.api == Api::Xhr {
            set_charset(&mut headers);
        }
    }
    if !headers.contains("accept") {
        headers.append("Accept", "*/*");
    }
    Ok(headers)
}

/// Changes the `charset` of a MIME type to UTF-8, as
/// [`send()`](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send) does with a text.
fn set_charset(headers: &mut HeaderList) {
    let value = headers.get("content-type").map(|value| decode(&value));
    let Some(mut mime) = value.and_then(|value| value.parse::<Mime>().ok()) else {
        return;
    };
    let is_other = |(name, value): &&mut (String, String)| {
        name == "charset" && !value.eq_ignore_ascii_case("utf-8")
    };
    if let Some((_, charset)) = mime.parameters.iter_mut().find(is_other) {
        "UTF-8".clone_into(charset);
        headers.delete("content-type");
        // `decode` has made a character of each byte.
        let mime = mime.to_string();
        let bytes: Vec<u8> = mime.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        headers.append("Content-Type", bytes);
    }
}

/// [Appends](https://fetch.spec.whatwg.org/#concept-headers-append) a header with the guard of the
/// mode.
fn append(headers: &mut HeaderList, fetch: &Fetch, name: &str, value: &[u8]) -> Result<(), Reason> {
    if !is_token(name.as_bytes()) {
        return Err(invalid(format!("`{name}` is not a name of a header")));
    }
    if value.iter().any(|byte| matches!(byte, 0 | b'\n' | b'\r')) {
        return Err(invalid(format!(
            "the value of `{name}` is not a value of a header"
        )));
    }
    let is_left_out = is_forbidden_header(name, value)
        || (fetch.mode == Mode::NoCors && {
            let lines = headers.get(name).into_iter().chain([value.to_vec()]);
            let combined = lines.collect::<Vec<_>>().join(b", ".as_slice());
            !is_no_cors_safelisted_header(name, &combined)
        });
    if is_left_out {
        return Ok(());
    }
    if fetch.api == Api::Xhr {
        headers.combine(name, value);
    } else {
        headers.append(name, value);
    }
    Ok(())
}
