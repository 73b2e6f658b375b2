"""What Confluent's Python client makes of a registry: prints one JSON object with all it was answered.

Usage: python_client.py REGISTRY_URL < hex of an Avro value in wire format, written by us
"""

import json
import sys

from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient, SchemaRegistryError
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.schema_registry_client import ConfigCompatibilityLevel, ServerConfig
from confluent_kafka.serialization import MessageField, SerializationContext


def record(name, *fields):
    return json.dumps({"type": "record", "name": name, "namespace": "shop", "fields": list(fields)})


def avro(text, references=()):
    return Schema(text, "AVRO", list(references))


def error_of(call):
    try:
        call()
    except SchemaRegistryError as error:
        return [error.http_status_code, error.error_code, error.error_message]
    return None


client = SchemaRegistryClient({"url": sys.argv[1]})

ID = {"name": "id", "type": "string"}
TOTAL = {"name": "total", "type": "double", "default": 0}
V1, V2, BAD = avro(record("Item", ID)), avro(record("Item", ID, TOTAL)), avro(record("Item", {"name": "id", "type": "long"}))
MONEY = avro(record("Money", {"name": "cents", "type": "long"}))
BILL = avro(record("Bill", {"name": "net", "type": "Money"}), [SchemaReference("shop.Money", "money", 1)])

answers = {
    "registered": [client.register_schema("items", schema) for schema in (V1, V2, V1)],
    "refused": error_of(lambda: client.register_schema("items", BAD)),
    "versions": client.get_versions("items"),
    "latest": client.get_latest_version("items").version,
    "version 1": client.get_version("items", 1).schema.schema_str,
    "looked up": client.lookup_schema("items", V2).version,
    "unknown schema": error_of(lambda: client.lookup_schema("items", BAD)),
    "unknown subject": error_of(lambda: client.get_versions("nothing")),
    "compatible": [client.test_compatibility("items", schema, "latest") for schema in (V2, BAD)],
    "compatible with all": client.test_compatibility_all_versions("items", V2),
    "types": client.get_schema_types(),
}

client.register_schema("money", MONEY)
bill = client.register_schema("bills", BILL)
fetched = SchemaRegistryClient({"url": sys.argv[1]}).get_schema(bill)
answers["references"] = [reference.name for reference in fetched.references]
answers["referenced by bills"] = client.get_referenced_by("money", 1) == [bill]
answers["money is in use"] = error_of(lambda: client.delete_subject("money"))

client.set_config("items", ServerConfig(compatibility=ConfigCompatibilityLevel.NONE))
answers["level"] = client.get_config("items").compatibility_level
answers["allowed then"] = client.register_schema("items", BAD) is not None
client.delete_config("items")
client.update_mode("items", "READONLY")
answers["mode"] = client.get_mode("items")
answers["read only"] = error_of(lambda: client.register_schema("items", MONEY))
client.delete_mode("items")

answers["version deleted"] = client.delete_version("items", 3)
answers["subject deleted"] = client.delete_subject("items")
answers["for good"] = client.delete_subject("items", permanent=True)
answers["subjects"] = client.get_subjects()

place = SerializationContext("orders", MessageField.VALUE)
value = AvroDeserializer(client)(bytes.fromhex(sys.stdin.read()), place)
answers["ours"] = value
latest = client.get_latest_version("orders-value").schema
serialize = AvroSerializer(client, latest, conf={"auto.register.schemas": False})
answers["theirs"] = serialize({**value, "id": "from Python"}, place).hex()

print(json.dumps(answers))
