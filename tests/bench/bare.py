"""The baseline of POST: a bare FastAPI route that inserts the body as one document, and nothing else."""

import os
from typing import Any

import uvicorn
from fastapi import FastAPI, status
from pydantic import BaseModel
from pymongo import AsyncMongoClient

app = FastAPI()
client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(os.environ["BARE_MONGODB_URL"], w="majority")  # noqa: TID251
collection = client["bare"]["visits"]


class Body(BaseModel):
    """The same body the visits service takes."""

    id: str
    cadre_id: str
    branch_id: str
    occurred_at: str
    note: str


@app.post("/visits", status_code=status.HTTP_201_CREATED)
async def post_visit(body: Body) -> Body:
    """Insert and echo."""
    await collection.insert_one({"_id": body.id, **body.model_dump(exclude={"id"})})
    return body


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["BARE_PORT"]),  # noqa: TID251
        loop="uvloop",
        http="httptools",
        log_level="warning",
    )
