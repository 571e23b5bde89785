use axum::Json;
use axum::extract::State;
use cors_runtime::axum::cors;

struct Valid<T>(T);

#[cors(origins = ["https://app.example.com"])]
async fn plain(State(_): State<u8>, Json(_): Json<String>) {}

#[cors(origins = ["https://app.example.com"], headers = ["x-request-id"])]
async fn optional(_: Option<Json<String>>) {}

#[cors(origins = ["https://app.example.com"])]
async fn wrapped(_: Valid<Json<String>>) {}

#[cors(origins = ["https://app.example.com"], expose = ["content-type"])]
async fn by_path(_: Result<axum::Json<String>, axum::extract::rejection::JsonRejection>) {}

// Valid: the header in any case, the wildcard, or JSON only in the response.
#[cors(origins = ["https://app.example.com"], headers = ["Content-Type"])]
async fn named(_: Json<String>) {}

#[cors(origins = ["https://app.example.com"], headers = "*")]
async fn any(_: Json<String>) {}

#[cors(origins = ["https://app.example.com"])]
async fn answer() -> Json<u8> {
    Json(1)
}

fn main() {}
