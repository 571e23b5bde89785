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

// Fine: named in any case, or covered by the wildcard, or not JSON that comes in.
#[cors(origins = ["https://app.example.com"], headers = ["Content-Type"])]
async fn named(_: Json<String>) {}

#[cors(origins = ["https://app.example.com"], headers = "*")]
async fn any(_: Json<String>) {}

#[cors(origins = ["https://app.example.com"])]
async fn answer() -> Json<u8> {
    Json(1)
}

fn main() {}
