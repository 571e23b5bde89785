//! The three addresses of the demo, and the page at two of them.

use std::env;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::num::NonZeroU16;

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use axum::routing::{MethodRouter, get};
use tokio::net::TcpListener;

use crate::record::Record;

/// The port of `http://127.0.0.1:5173`, which the policies name. An origin in a policy is a
/// literal.
const IN_THE_POLICIES: u16 = 5173;

pub(crate) struct Site {
    pub(crate) api: Port,
    pub(crate) allowed: Port,
    pub(crate) refused: Port,
}

impl Site {
    pub(crate) fn check(&self) -> Result<(), String> {
        let Port { variable, number } = self.refused;
        if number == IN_THE_POLICIES {
            return Err(format!(
                "{variable} is {number}: the policies allow http://127.0.0.1:{number}, so the \
                 page there would not be refused"
            ));
        }
        Ok(())
    }

    pub(crate) fn api_origin(&self) -> String {
        origin("127.0.0.1", &self.api)
    }

    pub(crate) fn allowed_origin(&self) -> String {
        origin(self.allowed_host(), &self.allowed)
    }

    pub(crate) fn refused_origin(&self) -> String {
        origin("127.0.0.1", &self.refused)
    }

    pub(crate) fn allowed_page(&self, record: &Record) -> axum::Router {
        let page = Page {
            role: "allowed",
            here: self.allowed_origin(),
            other: self.refused_origin(),
            // Under the page's own host: to a page of `localhost`, a cookie of `127.0.0.1` is
            // another site's, and `SameSite=Lax` keeps it back.
            api: origin(self.allowed_host(), &self.api),
        };
        page.router(record)
    }

    pub(crate) fn refused_page(&self, record: &Record) -> axum::Router {
        let page = Page {
            role: "refused",
            here: self.refused_origin(),
            other: self.allowed_origin(),
            api: self.api_origin(),
        };
        page.router(record)
    }

    /// On another port the page stays allowed as `localhost`, of which the policies take any port.
    fn allowed_host(&self) -> &'static str {
        if self.allowed.number == IN_THE_POLICIES {
            "127.0.0.1"
        } else {
            "localhost"
        }
    }
}

fn origin(host: &str, port: &Port) -> String {
    format!("http://{host}:{}", port.number)
}

/// The page at one of the two origins.
struct Page {
    role: &'static str,
    here: String,
    other: String,
    api: String,
}

impl Page {
    fn router(self, record: &Record) -> axum::Router {
        let html = include_str!("page/index.html")
            .replace("{{role}}", self.role)
            .replace("{{here}}", &self.here)
            .replace("{{other}}", &self.other)
            .replace("{{api}}", &self.api);
        let record = record.clone();
        let read = async move || Json(record.of(&self.here));
        axum::Router::new()
            .route("/", get(async || Html(html)))
            .route(
                "/style.css",
                file("text/css", include_str!("page/style.css")),
            )
            .route("/script.js", script(include_str!("page/script.js")))
            .route("/calls.js", script(include_str!("page/calls.js")))
            .route("/outcomes.js", script(include_str!("page/outcomes.js")))
            .route("/server.js", script(include_str!("page/server.js")))
            .route("/api.rs", file("text/plain", include_str!("api.rs")))
            .route("/record", get(read))
    }
}

fn script(text: &'static str) -> MethodRouter {
    file("text/javascript", text)
}

fn file(media_type: &'static str, text: &'static str) -> MethodRouter {
    get(([(CONTENT_TYPE, media_type)], text))
}

pub(crate) struct Port {
    variable: &'static str,
    number: u16,
}

impl Port {
    pub(crate) fn from_env(variable: &'static str, default: u16) -> Result<Self, String> {
        let Some(value) = env::var_os(variable) else {
            return Ok(Self {
                variable,
                number: default,
            });
        };
        let value = value.to_string_lossy();
        match value.parse::<NonZeroU16>() {
            Ok(number) => Ok(Self {
                variable,
                number: number.get(),
            }),
            Err(_) => Err(format!(
                "{variable} is `{value}`: expected a port from 1 to 65535"
            )),
        }
    }

    pub(crate) async fn listen(&self) -> Result<TcpListener, String> {
        let Self { variable, number } = self;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, *number)).await;
        listener.map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                format!("port {number} is taken: set {variable} to a free one")
            }
            _ => format!("cannot listen on port {number}: {error}: set {variable} to another one"),
        })
    }
}
