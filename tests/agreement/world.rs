//! The servers of all scenarios and cases, and the requests that arrived.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use http_body_util::{BodyExt, Full};
use tower::service_fn;
use tower::util::BoxCloneSyncService;

use crate::network::{Network, Record, send};
use crate::outcome::{Arrived, Outcome};
use crate::plan::PlanStep;
use crate::policies;
use crate::policy_server::{Application, handler};
use crate::table::Table;
use crate::table_server::{self, Current};

pub(crate) struct World {
    pub(crate) network: Arc<Network>,
    table: Current,
    record: Record,
}

/// What a page got in a step, and the requests that arrived.
pub(crate) struct Run {
    pub(crate) outcome: Outcome,
    pub(crate) arrived: Vec<Arrived>,
    /// The lines of the console, if they are known.
    pub(crate) console: Option<Vec<String>>,
}

impl World {
    /// Starts the servers, by the ports of URLs.
    pub(crate) async fn start() -> Self {
        let (record, table) = (Record::default(), Current::default());
        let mut network = Network::default();

        let tables = table_server::handler(Arc::clone(&table), Arc::clone(&record));
        network.http(8000, Arc::clone(&tables)).await;
        network.http(8001, Arc::clone(&tables)).await;
        network.https(8443, tables).await;

        let serve = |app| handler(app, Arc::clone(&record));
        let axum = serve(BoxCloneSyncService::new(policies::axum()));
        for port in [80, 8080, 5173] {
            network.http(port, Arc::clone(&axum)).await;
        }
        network.https(443, axum).await;
        let service = BoxCloneSyncService::new(service_fn(policies::service));
        network.https(8444, serve(service)).await;
        network
            .https(8445, serve(forward(policies::actix_web())))
            .await;

        Self {
            network: Arc::new(network),
            table,
            record,
        }
    }

    pub(crate) fn begin(&self, step: &PlanStep) {
        *self.table.lock().expect("no panic") = step.answers.as_ref().map(Table::new);
        self.record.lock().expect("no panic").clear();
    }

    pub(crate) fn end(&self, outcome: Outcome, console: Option<Vec<String>>) -> Run {
        let arrived = std::mem::take(&mut *self.record.lock().expect("no panic"));
        Run {
            outcome,
            arrived,
            console,
        }
    }
}

/// Sends all requests to another server.
fn forward(address: SocketAddr) -> Application {
    BoxCloneSyncService::new(service_fn(move |request: Request<Body>| async move {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let request = Request::from_parts(parts, Full::new(body));
        let response = send(address, request).await.expect("a response");
        Ok::<Response, Infallible>(response.map(Body::new))
    }))
}
