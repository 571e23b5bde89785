//! A Model Context Protocol server on this machine, for one page.
//!
//! ```sh
//! cargo run -p mcp
//! ```
//!
//! The page of `http://localhost:5173` may call the server, and so may clients that are not
//! browsers. Other pages are refused with 403, as the protocol requires:
//!
//! ```sh
//! body='{ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
//!   "protocolVersion": "2025-06-18", "capabilities": {},
//!   "clientInfo": { "name": "curl", "version": "1" } } }'
//! call() {
//!   curl -i -H 'content-type: application/json' \
//!     -H 'accept: application/json, text/event-stream' -d "$body" "$@" localhost:3000/mcp
//! }
//! call                                            # 200: a client that is not a browser
//! call -H 'origin: http://localhost:5173'         # 200: the listed page
//! call -H 'origin: https://evil.example'          # 403: another page
//! call -H 'host: rebound.example'                 # 403: a name that points at this machine
//! ```

#[cfg(test)]
mod tests;

use std::time::Instant;

use axum::Router;
use cors_runtime::tower::CorsLayer;
use cors_runtime::{Policy, policy};
use rmcp::model::{ServerCapabilities, ServerConfig};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use tower_layer::Layer as _;

static LOCAL: Policy = policy! {
    origins = ["http://localhost:5173"],
    methods = [GET, POST, DELETE],
    headers = [
        "content-type",
        "last-event-id",
        "mcp-method",
        "mcp-name",
        "mcp-protocol-version",
        "mcp-session-id",
    ],
    expose = ["mcp-session-id"],
    max_age = "10m",
    // Refuses requests of other pages, instead of only hiding the responses.
    enforce,
    // A page of a rebound name is same-origin. Only the host of its requests differs.
    hosts = ["localhost:*", "127.0.0.1:*", "[::1]:*"],
};

#[derive(Clone)]
struct Clock {
    started: Instant,
}

#[tool_router]
impl Clock {
    #[tool(description = "Seconds since the server was started")]
    fn uptime(&self) -> String {
        self.started.elapsed().as_secs().to_string()
    }
}

#[tool_handler]
impl ServerHandler for Clock {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

fn app() -> Router {
    // The policy checks hosts and origins, for preflights as well.
    let config = StreamableHttpServerConfig::default().disable_allowed_hosts();
    let clock = Clock {
        started: Instant::now(),
    };
    let sessions = LocalSessionManager::default();
    let mcp = StreamableHttpService::new(move || Ok(clock.clone()), sessions.into(), config);
    Router::new().route_service("/mcp", CorsLayer::new(&LOCAL).layer(mcp))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/mcp", listener.local_addr()?);
    axum::serve(listener, app()).await
}
