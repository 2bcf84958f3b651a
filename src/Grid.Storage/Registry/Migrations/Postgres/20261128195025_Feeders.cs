using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grid.Storage.Registry.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Feeders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Feeder",
                table: "Meters",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "FeederViolations",
                columns: table => new
                {
                    Feeder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    FeederWh = table.Column<long>(type: "bigint", nullable: false),
                    BehindWh = table.Column<long>(type: "bigint", nullable: false),
                    NoticedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FeederViolations", x => new { x.Feeder, x.Day });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FeederViolations");

            migrationBuilder.DropColumn(
                name: "Feeder",
                table: "Meters");
        }
    }
}
