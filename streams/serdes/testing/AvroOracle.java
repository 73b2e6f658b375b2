import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Answers questions about Avro, one JSON object a line, by Avro's own Java library. */
class AvroOracle {
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var output = new StringBuilder();
    for (String line; (line = input.readLine()) != null; ) {
      JsonNode question = JSON.readTree(line);
      ObjectNode answer = JSON.createObjectNode();
      try {
        answer(question, answer);
      } catch (Exception error) {
        answer.put("error", error.toString());
      }
      output.append(answer).append('\n');
    }
    System.out.write(output.toString().getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  static void answer(JsonNode question, ObjectNode answer) throws Exception {
    switch (question.get("ask").asText()) {
      case "read" -> read(question, answer);
      case "print" -> answer.put("schema", schema(question, "schema").toString());
      case "compatible" -> compatible(question, answer);
      default -> throw new IllegalArgumentException("unknown question");
    }
  }

  static Schema schema(JsonNode question, String name) {
    return new Schema.Parser().parse(question.get(name).asText());
  }

  /** Reads a value in wire format, and writes it again with the reader's schema. */
  static void read(JsonNode question, ObjectNode answer) throws Exception {
    Schema reader = schema(question, "reader");
    byte[] bytes = HexFormat.of().parseHex(question.get("hex").asText());
    ByteBuffer header = ByteBuffer.wrap(bytes);
    answer.put("magic", header.get()).put("id", header.getInt());
    var decoder = DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null);
    Object value = new GenericDatumReader<>(schema(question, "writer"), reader).read(null, decoder);
    answer.put("atEnd", decoder.isEnd());
    answer.put("value", value.toString());

    var output = new ByteArrayOutputStream();
    output.write(bytes, 0, 5);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(output, null);
    new GenericDatumWriter<>(reader).write(value, encoder);
    encoder.flush();
    answer.put("hex", HexFormat.of().formatHex(output.toByteArray()));
  }

  static void compatible(JsonNode question, ObjectNode answer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(schema(question, "reader"), schema(question, "writer"));
    ArrayNode problems = answer.putArray("problems");
    for (var problem : result.getResult().getIncompatibilities())
      problems.add(problem.getType() + " " + problem.getLocation());
  }
}
