//! Tenants in a SQLite database, with their origins in a list that a task keeps up to date.
//! Requests do not wait for the database.
//!
//! `cargo run -p example-tenants /tmp/tenants.sqlite`, and then:
//!
//! ```sh
//! curl -i http://127.0.0.1:3003/items -H 'Origin: https://blue.example.com'
//! curl -i http://127.0.0.1:3003/tenants/blue -X PUT -d https://blue.example.com
//! curl -i http://127.0.0.1:3003/items -H 'Origin: https://blue.example.com'
//! sqlite3 /tmp/tenants.sqlite 'DELETE FROM tenants'     # from outside: seen within a second
//! ```

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use cors_runtime::OriginList;
use cors_runtime::axum::{Router, cors, routing::get, routing::put};
use rusqlite::Connection;
use tokio::net::TcpListener;

type Failure = Box<dyn Error + Send + Sync>;

/// The list may be empty, for a database without tenants.
static TENANTS: OriginList = OriginList::new().allow_empty();

#[cors(origins = [TENANTS], credentials)]
async fn items() -> &'static str {
    "tea\n"
}

/// Adds a tenant, for the administrator. Pages of other origins cannot call the handler.
async fn add(
    State(database): State<Database>,
    Path(name): Path<String>,
    origin: String,
) -> (StatusCode, String) {
    // One invalid row in the database would prevent every later replacement of the list.
    if let Err(error) = TENANTS.check([origin.as_str()]) {
        return (StatusCode::BAD_REQUEST, format!("{error}\n"));
    }
    let insert = move |connection: &Connection| {
        let sql = "INSERT OR REPLACE INTO tenants (name, origin) VALUES (?1, ?2)";
        connection.execute(sql, [name, origin])?;
        refresh(connection)
    };
    match database.run(insert).await {
        Ok(()) => (StatusCode::CREATED, String::new()),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
    }
}

/// Replaces the list, which requests use, with the origins in the database.
fn refresh(connection: &Connection) -> Result<(), Failure> {
    let mut query = connection.prepare("SELECT DISTINCT origin FROM tenants")?;
    let origins = query.query_map([], |row| row.get(0))?;
    let origins: Vec<String> = origins.collect::<Result<_, _>>()?;
    TENANTS.replace(origins)?;
    println!("{} tenants", TENANTS.len());
    Ok(())
}

/// Polls the database, because other processes also write to it. The number changes with each of
/// their commits, and is cheap to read.
async fn keep_fresh(database: Database) {
    let mut seen = None;
    loop {
        let version = move |connection: &Connection| {
            let version = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
            if seen != Some(version) {
                refresh(connection)?;
            }
            Ok::<i64, Failure>(version)
        };
        match database.run(version).await {
            Ok(version) => seen = Some(version),
            Err(error) => eprintln!("the old tenants stay: {error}"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[derive(Clone)]
struct Database(Arc<Mutex<Connection>>);

impl Database {
    fn open(path: &str) -> Result<Self, Failure> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS tenants (name TEXT PRIMARY KEY, origin TEXT NOT NULL)",
        )?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs on a thread that can block.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let connection = Arc::clone(&self.0);
        let work = move || work(&connection.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(work).await?
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let path = std::env::args().nth(1).ok_or("which database?")?;
    let database = Database::open(&path)?;
    // Fills the list before the first request, which would otherwise be refused.
    database.run(refresh).await?;
    tokio::spawn(keep_fresh(database.clone()));
    let app = Router::new()
        .route("/items", get(items))
        .route("/tenants/{name}", put(add))
        .with_state(database);
    let listener = TcpListener::bind("127.0.0.1:3003").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
