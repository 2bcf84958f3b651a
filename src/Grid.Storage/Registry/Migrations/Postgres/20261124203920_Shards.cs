using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grid.Storage.Registry.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Shards : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "GatewayShards",
                columns: table => new
                {
                    Shard = table.Column<long>(type: "bigint", nullable: false),
                    Node = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GatewayShards", x => x.Shard);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "GatewayShards");
        }
    }
}
