//! The responses of the API, for the pages to show: a page cannot read a response that the browser
//! blocks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;

/// The last responses to requests with `?row=..`.
#[derive(Clone, Default)]
pub(crate) struct Record(Arc<Mutex<Responses>>);

#[derive(Default)]
struct Responses {
    last: VecDeque<Recorded>,
    count: u64,
}

#[derive(Clone, Serialize)]
pub(crate) struct Recorded {
    number: u64,
    origin: String,
    row: String,
    method: String,
    status: u16,
    /// Whether the response has an `Access-Control-Allow-Origin`.
    allowed: bool,
    /// The reason for a refused preflight, which only debug builds send.
    denied: Option<String>,
}

impl Record {
    /// Enough for several pages that are open at once.
    const CAPACITY: usize = 100;

    /// Returns the responses to pages of an origin, the latest last.
    pub(crate) fn of(&self, origin: &str) -> Vec<Recorded> {
        let responses = self.responses();
        let last = responses.last.iter().filter(|it| it.origin == origin);
        last.cloned().collect()
    }

    fn add(&self, mut recorded: Recorded) {
        let mut responses = self.responses();
        responses.count += 1;
        recorded.number = responses.count;
        responses.last.push_back(recorded);
        if responses.last.len() > Self::CAPACITY {
            responses.last.pop_front();
        }
    }

    /// A panic leaves no change half done, so a poisoned lock is fine.
    fn responses(&self) -> MutexGuard<'_, Responses> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records a response. As a layer outside of CORS, it also sees preflights.
pub(crate) async fn record(State(record): State<Record>, request: Request, next: Next) -> Response {
    let row = request.uri().query().and_then(|it| it.strip_prefix("row="));
    let row = row.map(str::to_owned);
    let origin = text(request.headers(), ORIGIN.as_str());
    let method = request.method().to_string();
    let response = next.run(request).await;
    if let (Some(row), Some(origin)) = (row, origin) {
        record.add(Recorded {
            number: 0,
            origin,
            row,
            method,
            status: response.status().as_u16(),
            allowed: response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            denied: text(response.headers(), "cors-denied"),
        });
    }
    response
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
